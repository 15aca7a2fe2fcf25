import { and, asc, eq, inArray, lte, type SQL, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Companion, Database } from '../db/client.ts';
import { mailQueue, users } from '../db/schema.ts';
import type { Language } from '../texts/language.ts';
import { type Clock, type Milliseconds, minutes } from '../time.ts';

export type QueuedMail = typeof mailQueue.$inferSelect;
export type MailPurpose = QueuedMail['purpose'];

export interface NewMail {
  purpose: MailPurpose;
  address: string;
  name?: string | null;
  language: Language;
}

/** Longer than a transport takes, so that nobody else takes up what is being sent. */
const LEASE: Milliseconds = minutes(2);

/** Mail that waits. Each rejects with a `Fault`. */
export interface MailQueue {
  /** Puts mail in for whoever has an address, without looking whether anybody has. */
  add(mail: NewMail): Promise<void>;
  /** Puts mail in with a change of a user, or without one: to `address`, or to the user's own. */
  companion(mail: Omit<NewMail, 'address'> & { address?: string }): Companion;
  /** As `companion`, for a user whose row does not change. */
  addFor(where: SQL | undefined, mails: readonly Companion[]): Promise<void>;
  /** Takes mail that is due, so that no other process sends it, and counts the try. */
  take(count: number): Promise<QueuedMail[]>;
  /** It was sent, or is not wanted any more. */
  done(id: string): Promise<void>;
  /** It is to be tried again later. */
  postpone(id: string, dueAt: Milliseconds): Promise<void>;
}

export function createMailQueue(database: Database, clock: Clock): MailQueue {
  return {
    async add({ purpose, address, name = null, language }) {
      const now = clock.now();
      const row = { id: uuidv7(), purpose, address, name, language, createdAt: now, dueAt: now };
      await database.run((db) => db.insert(mailQueue).values(row));
    },
    companion({ purpose, address, name = null, language }) {
      const id = uuidv7();
      const now = clock.now();
      const to = address === undefined ? users.email : sql`${address}`;
      return (db, where) =>
        db.run(sql`
          INSERT INTO mail_queue
            (id, purpose, user_id, address, name, epoch, language, created_at, due_at)
          SELECT ${id}, ${purpose}, ${users.id}, ${to}, ${name}, ${users.epoch}, ${language}, ${now}, ${now}
          FROM ${users} WHERE ${and(where, sql`${to} IS NOT NULL`)}`);
    },
    async addFor(where, mails) {
      await database.run(async (db) => {
        const [one, ...others] = mails.map((mail) => mail(db, where));
        if (one) await db.batch([one, ...others]);
      });
    },
    async take(count) {
      const now = clock.now();
      return database.run((db) => {
        const due = db
          .select({ id: mailQueue.id })
          .from(mailQueue)
          .where(lte(mailQueue.dueAt, now))
          .orderBy(asc(mailQueue.dueAt))
          .limit(count);
        return db
          .update(mailQueue)
          .set({ dueAt: now + LEASE, attempts: sql`${mailQueue.attempts} + 1` })
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
