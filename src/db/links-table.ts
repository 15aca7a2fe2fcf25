import { and, eq, gt, isNull, lte, sql } from 'drizzle-orm';
import type { LinkPurpose, LinkTokens } from '../users/link-tokens.ts';
import type { Database } from './client.ts';
import { linkTokens, mailQueue, users } from './schema.ts';
import { validLink } from './user-conditions.ts';

export function createLinkTokens(database: Database): LinkTokens {
  return {
    async add({ digest, purpose, userId, address, name, at, expiresAt, replaces }, mail) {
      const owner =
        purpose === 'change_email' ? eq(users.epoch, mail.epoch ?? -1) : eq(users.email, address);
      const stillTheirs =
        userId === null
          ? sql`NOT EXISTS (SELECT 1 FROM ${users} WHERE ${eq(users.email, address)})`
          : sql`EXISTS (SELECT 1 FROM ${users} WHERE ${and(eq(users.id, userId), eq(users.disabled, false), owner)})`;
      // Another process may have taken the mail up meanwhile.
      const sameTry =
        mail.linkAt === null ? isNull(mailQueue.linkAt) : eq(mailQueue.linkAt, mail.linkAt);
      // Used or dropped: then this mail is not wanted any more.
      const unused =
        replaces === null
          ? undefined
          : sql`EXISTS (SELECT 1 FROM ${linkTokens} WHERE ${eq(linkTokens.digest, replaces)})`;
      const rows = await database.run(async (db) => {
        const add = db
          .insert(linkTokens)
          .select(
            db
              .select({
                digest: sql<string>`${digest}`.as('digest'),
                purpose: sql<LinkPurpose>`${purpose}`.as('purpose'),
                userId: sql<string | null>`${userId}`.as('user_id'),
                address: sql<string>`${address}`.as('address'),
                name: sql<string | null>`${name}`.as('name'),
                expiresAt: sql<number>`${expiresAt}`.as('expires_at'),
              })
              .from(mailQueue)
              .where(and(eq(mailQueue.id, mail.id), sameTry, stillTheirs, unused)),
          )
          .returning({ digest: linkTokens.digest });
        const added = sql`EXISTS (SELECT 1 FROM ${linkTokens} WHERE ${eq(linkTokens.digest, digest)})`;
        const drop = db.delete(linkTokens).where(and(eq(linkTokens.digest, replaces ?? ''), added));
        const note = db
          .update(mailQueue)
          .set({ linkAt: at })
          .where(and(eq(mailQueue.id, mail.id), added));
        const [rows] = await db.batch([add, drop, note]);
        return rows;
      });
      return rows.length === 1;
    },
    async peek(use) {
      const { purpose, userId, address, name } = linkTokens;
      const [row] = await database.run((db) =>
        db.select({ purpose, userId, address, name }).from(linkTokens).where(validLink(use)),
      );
      return row ? { ...row, purpose: row.purpose as LinkPurpose } : null;
    },
    async used(digest, now) {
      const { userId, address, purpose, expiresAt } = linkTokens;
      const [row] = await database.run((db) =>
        db
          .select({ userId, address })
          .from(linkTokens)
          .where(and(eq(linkTokens.digest, digest), eq(purpose, 'used'), gt(expiresAt, now))),
      );
      return row ?? null;
    },
    async prune(now) {
      await database.run((db) => db.delete(linkTokens).where(lte(linkTokens.expiresAt, now)));
    },
  };
}
