import { serve } from '@hono/node-server';
import { Hono } from 'hono';

/**
 * What nobody can be faster than: bare Hono (`KIND=bare`), and bare Hono that looks one thing up,
 * by `@upstash/redis` as it comes, over TCP, or by the synchronous libSQL driver.
 */
const KEY = 'floor';

const LOOKUPS = {
  async bare() {
    return () => true;
  },
  async rest() {
    const { Redis } = await import('@upstash/redis');
    const { REST_URL: url, REST_TOKEN: token } = process.env;
    const redis = new Redis({ url, token });
    return () => redis.get(KEY);
  },
  async tcp() {
    const { createClient } = await import('redis');
    const redis = await createClient({ url: process.env.REDIS_URL }).connect();
    return () => redis.get(KEY);
  },
  async sql() {
    const { default: Database } = await import('libsql');
    const db = new Database(process.env.FILE);
    db.pragma('journal_mode = WAL');
    db.exec('CREATE TABLE record (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
    db.prepare('INSERT INTO record VALUES (?, ?)').run(KEY, process.env.VALUE);
    const select = db.prepare('SELECT value FROM record WHERE key = ?');
    return () => select.get(KEY);
  },
};

const lookUp = await LOOKUPS[process.env.KIND]();
const app = new Hono();
if (process.env.KIND === 'bare') app.get('/auth/session', (c) => c.json({ found: true }));
else app.get('/auth/session', async (c) => c.json({ found: Boolean(await lookUp()) }));
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
