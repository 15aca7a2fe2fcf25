import { and, desc, eq, lt } from 'drizzle-orm';
import type { EventStore } from '../events/events.ts';
import type { Database } from './client.ts';
import { events } from './schema.ts';

export function createEventStore(database: Database): EventStore {
  return {
    async add(rows) {
      await database.run((db) => db.insert(events).values(rows).onConflictDoNothing());
    },
    list({ userId, kind, cursor, limit }) {
      return database.run((db) =>
        db
          .select()
          .from(events)
          .where(
            and(
              userId === undefined ? undefined : eq(events.userId, userId),
              kind === undefined ? undefined : eq(events.kind, kind),
              cursor === undefined ? undefined : lt(events.id, cursor),
            ),
          )
          .orderBy(desc(events.id))
          .limit(limit),
      );
    },
    async prune(before) {
      await database.run((db) => db.delete(events).where(lt(events.at, before)));
    },
  };
}
