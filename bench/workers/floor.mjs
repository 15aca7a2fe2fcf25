import { Redis } from '@upstash/redis/cloudflare';
import { Hono } from 'hono';

/** Bare Hono + one GET by @upstash/redis as it comes; `/bare` without the GET. */
let redis;

export default new Hono()
  .get('/bare', (c) => c.json({ found: true }))
  .get('/auth/session', async (c) => {
    redis ??= new Redis({ url: c.env.REST_URL, token: c.env.REST_TOKEN });
    return c.json({ found: Boolean(await redis.get('floor')) });
  });
