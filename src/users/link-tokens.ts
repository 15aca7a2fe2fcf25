import { createHash, randomBytes } from 'node:crypto';
import { and, eq, inArray, lte, ne, sql } from 'drizzle-orm';
import type { Companion, Database } from '../db/client.ts';
import { linkTokens, mailQueue, users } from '../db/schema.ts';
import { type Clock, days, hours, type Milliseconds, minutes } from '../time.ts';
import { validLink } from './user-conditions.ts';
import type { LinkUse } from './users.ts';

export type LinkPurpose = (typeof linkTokens.$inferSelect)['purpose'];

/** ASVS 6.5.5, 6.6.2; NIST SP 800-63B-4 section 3.1.3.2 lets a code by mail live 24 hours at most. */
const LIFETIMES: Record<LinkPurpose, Milliseconds> = {
  register: days(1),
  invitation: days(1),
  verification: days(1),
  reset: minutes(30),
  change_email: hours(1),
};

/** What a link is good for; its secret is not kept. */
export interface Link {
  purpose: LinkPurpose;
  /** null: there is no user yet. */
  userId: string | null;
  address: string;
  name: string | null;
}

/**
 * Links that are out. A change of a user takes and drops them in its own batch. Each rejects with a
 * `Fault`.
 */
export interface LinkTokens {
  /**
   * Makes a link's secret while the mail is still wanted that it goes into, and the user still has
   * what it is bound to. null: not any more.
   */
  issue(link: Link, mail: { id: string; epoch: number | null }): Promise<string | null>;
  /** What a link is good for, without taking it. null: unknown, used, expired or of another purpose. */
  peek(use: LinkUse): Promise<Link | null>;
  /** Drops links that are past their time. */
  prune(now: Milliseconds): Promise<void>;
}

/** Statements of a change take a link by the digest of its secret. */
export const digestOf = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url');

/** No link that is out for the user works any more; the one that the change takes, it takes itself. */
export function dropLinks(taken?: LinkUse): Companion {
  return (db, where) => {
    const changed = db.select({ id: users.id }).from(users).where(where);
    return db
      .delete(linkTokens)
      .where(and(inArray(linkTokens.userId, changed), ne(linkTokens.digest, taken?.digest ?? '')));
  };
}

/** What would move the account ends with the sessions that it may have been asked for in. */
export const dropMoves: Companion = (db, where) => {
  const changed = db.select({ id: users.id }).from(users).where(where);
  return db
    .delete(linkTokens)
    .where(and(eq(linkTokens.purpose, 'change_email'), inArray(linkTokens.userId, changed)));
};

export function createLinkTokens(database: Database, clock: Clock): LinkTokens {
  return {
    async issue({ purpose, userId, address, name }, mail) {
      const secret = randomBytes(32).toString('base64url');
      const expiresAt = clock.now() + LIFETIMES[purpose];
      const owner =
        purpose === 'change_email' ? eq(users.epoch, mail.epoch ?? -1) : eq(users.email, address);
      const stillTheirs =
        userId === null
          ? sql`NOT EXISTS (SELECT 1 FROM ${users} WHERE ${eq(users.email, address)})`
          : sql`EXISTS (SELECT 1 FROM ${users} WHERE ${and(eq(users.id, userId), eq(users.disabled, false), owner)})`;
      const rows = await database.run((db) =>
        db
          .insert(linkTokens)
          .select(
            db
              .select({
                digest: sql<string>`${digestOf(secret)}`.as('digest'),
                purpose: sql<LinkPurpose>`${purpose}`.as('purpose'),
                userId: sql<string | null>`${userId}`.as('user_id'),
                address: sql<string>`${address}`.as('address'),
                name: sql<string | null>`${name}`.as('name'),
                expiresAt: sql<number>`${expiresAt}`.as('expires_at'),
              })
              .from(mailQueue)
              .where(and(eq(mailQueue.id, mail.id), stillTheirs)),
          )
          .returning({ digest: linkTokens.digest }),
      );
      return rows.length === 1 ? secret : null;
    },
    async peek(use) {
      const { purpose, userId, address, name } = linkTokens;
      const [row] = await database.run((db) =>
        db.select({ purpose, userId, address, name }).from(linkTokens).where(validLink(use)),
      );
      return row ?? null;
    },
    async prune(now) {
      await database.run((db) => db.delete(linkTokens).where(lte(linkTokens.expiresAt, now)));
    },
  };
}
