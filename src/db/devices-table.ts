import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { type DeviceTable, MAX_DEVICES } from '../users/devices.ts';
import type { Database } from './client.ts';
import { rememberDevice } from './companions.ts';
import { knownDevices, users } from './schema.ts';

export function createDeviceTable(database: Database): DeviceTable {
  const { id, userId, createdAt, lastUsedAt, userAgent } = knownDevices;
  return {
    list(user) {
      return database.run((db) =>
        db
          .select({ id, createdAt, lastUsedAt, userAgent })
          .from(knownDevices)
          .where(eq(userId, user))
          .orderBy(desc(lastUsedAt), id)
          .limit(MAX_DEVICES),
      );
    },
    async remember(user, device) {
      const current = and(eq(users.id, user.id), eq(users.epoch, user.epoch));
      await database.run((db) =>
        db.batch([
          rememberDevice(db, current, device),
          db.run(sql`
            DELETE FROM ${knownDevices} WHERE ${eq(userId, user.id)} AND id NOT IN (
              SELECT kept.id FROM known_devices AS kept WHERE kept.user_id = ${user.id}
              ORDER BY kept.last_used_at DESC, kept.id LIMIT ${MAX_DEVICES})`),
        ]),
      );
    },
    async forget(user, device) {
      const gone = await database.run((db) =>
        db
          .delete(knownDevices)
          .where(and(eq(userId, user), eq(id, device)))
          .returning({ id }),
      );
      return gone.length === 1;
    },
    async forgetAll(user) {
      const gone = await database.run((db) =>
        db.delete(knownDevices).where(eq(userId, user)).returning({ id }),
      );
      return gone.length;
    },
    async prune(before) {
      await database.run((db) => db.delete(knownDevices).where(lt(lastUsedAt, before)));
    },
  };
}
