import { and, desc, eq } from 'drizzle-orm';
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { uuidv7 } from 'uuidv7';
import type { Database } from '../../src/db/client.ts';

export const notes = sqliteTable('notes', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  text: text().notNull(),
});

/** Every query names the owner, so nobody reaches a note of somebody else's. */
export function createNotes(database: Database) {
  return {
    async add(userId: string, text: string) {
      const note = { id: uuidv7(), userId, text };
      await database.run((db) => db.insert(notes).values(note));
      return note;
    },
    of: (userId: string) =>
      database.run((db) =>
        db.select().from(notes).where(eq(notes.userId, userId)).orderBy(desc(notes.id)),
      ),
    /** null: no such note, or not this user's. */
    async get(userId: string, id: string) {
      const own = and(eq(notes.id, id), eq(notes.userId, userId));
      const [note] = await database.run((db) => db.select().from(notes).where(own));
      return note ?? null;
    },
  };
}
