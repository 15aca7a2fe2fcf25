import { Redis } from '@upstash/redis/cloudflare';
import { Hono } from 'hono';
import { sessionMiddleware } from 'hono-sessions';

const LIFETIME = 3600;

/** The store as the library's README describes one: a JSON value under the id of the session. */
class UpstashStore {
  constructor(redis) {
    this.redis = redis;
  }
  getSessionById(id) {
    return this.redis.get(`session:${id}`);
  }
  async createSession(id, data) {
    await this.redis.set(`session:${id}`, data, { ex: LIFETIME });
  }
  async persistSessionData(id, data) {
    await this.redis.set(`session:${id}`, data, { ex: LIFETIME });
  }
  async deleteSession(id) {
    await this.redis.del(`session:${id}`);
  }
}

/** Peer (c): hono-sessions as it comes over @upstash/redis, with the recommended `encryptionKey`. */
export function createApp({ REST_URL: url, REST_TOKEN: token, SECRET: encryptionKey }) {
  const store = new UpstashStore(new Redis({ url, token }));
  return new Hono()
    .use(
      '*',
      sessionMiddleware({
        store,
        encryptionKey,
        expireAfterSeconds: LIFETIME,
        cookieOptions: { sameSite: 'Lax', path: '/', httpOnly: true },
      }),
    )
    .post('/auth/register', async (c) => {
      const { email } = await c.req.json();
      c.get('session').set('user', { email });
      return c.json({ user: { email } }, 201);
    })
    .get('/auth/session', (c) => c.json({ user: c.get('session').get('user') ?? null }));
}
