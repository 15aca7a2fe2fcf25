import { asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { MailQueue } from '../mail/queue.ts';
import type { Database } from './client.ts';
import { putMail } from './companions.ts';
import { mailQueue } from './schema.ts';
import { holds } from './user-conditions.ts';

export function createMailQueue(database: Database): MailQueue {
  return {
    async add(mail) {
      await database.run((db) => db.insert(mailQueue).values({ ...mail, dueAt: mail.createdAt }));
    },
    async addFor({ id, epoch }, mails) {
      await database.run(async (db) => {
        const [one, ...others] = mails.map((mail) => putMail(db, holds(id, { epoch }), mail));
        if (one) await db.batch([one, ...others]);
      });
    },
    async take(count, now, lease) {
      return database.run((db) => {
        const due = db
          .select({ id: mailQueue.id })
          .from(mailQueue)
          .where(lte(mailQueue.dueAt, now))
          .orderBy(asc(mailQueue.dueAt))
          .limit(count);
        return db
          .update(mailQueue)
          .set({ dueAt: now + lease, attempts: sql`${mailQueue.attempts} + 1` })
          .where(inArray(mailQueue.id, due))
          .returning();
      });
    },
    async done(id) {
      await database.run((db) => db.delete(mailQueue).where(eq(mailQueue.id, id)));
    },
    async postpone(id, dueAt) {
      await database.run((db) => db.update(mailQueue).set({ dueAt }).where(eq(mailQueue.id, id)));
    },
  };
}
