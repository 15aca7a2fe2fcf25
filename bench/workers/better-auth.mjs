import { createClient } from '@libsql/client/http';
import { Redis } from '@upstash/redis/cloudflare';
import { drizzle } from 'drizzle-orm/libsql/http';
import { createApp } from './better-auth-app.mjs';

/** Peer (b) as a Worker: secondary storage over @upstash/redis. */
function create(env) {
  const redis = new Redis({
    url: env.REST_URL,
    token: env.REST_TOKEN,
    automaticDeserialization: false,
  });
  return createApp({
    db: drizzle(createClient({ url: env.DATABASE_URL })),
    secondaryStorage: {
      get: (key) => redis.get(key),
      async set(key, value, ttl) {
        await redis.set(key, value, ttl ? { ex: ttl } : {});
      },
      async delete(key) {
        await redis.del(key);
      },
      getAndDelete: (key) => redis.getdel(key),
      async increment(key, ttl) {
        const [count] = await redis.multi().incr(key).expire(key, ttl, 'NX').exec();
        return count;
      },
    },
    baseURL: env.BASE_URL,
    secret: env.SECRET,
  });
}

let app;

export default {
  fetch(request, env) {
    app ??= create(env);
    return app.fetch(request, env);
  },
};
