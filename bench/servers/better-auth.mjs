import { serve } from '@hono/node-server';
import { createClient as openDatabase } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { createClient } from 'redis';
import { createApp, TABLES } from '../workers/better-auth-app.mjs';

const { PORT, BASE_URL, REDIS_URL, FILE, SECRET } = process.env;

const client = openDatabase({ url: `file:${FILE}` });
await client.execute('PRAGMA journal_mode = WAL');
for (const table of TABLES) await client.execute(table);

const redis = await createClient({ url: REDIS_URL }).connect();
/** Its documentation's storage over the `redis` client. */
const secondaryStorage = {
  get: (key) => redis.get(key),
  async set(key, value, ttl) {
    if (ttl) await redis.set(key, value, { expiration: { type: 'EX', value: ttl } });
    else await redis.set(key, value);
  },
  async delete(key) {
    await redis.del(key);
  },
  getAndDelete: (key) => redis.getDel(key),
  async increment(key, ttl) {
    const [count] = await redis.multi().incr(key).expire(key, ttl, 'NX').exec();
    return count;
  },
};

const app = createApp({
  db: drizzle(client),
  secondaryStorage,
  baseURL: BASE_URL,
  secret: SECRET,
});
serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' });
