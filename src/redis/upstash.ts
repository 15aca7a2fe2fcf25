import type { Redis } from '@upstash/redis/cloudflare';
import type { RedisClient } from './client.ts';
import { createRedisClient } from './commands.ts';
import type { RestStore, RestTransport } from './rest-transport.ts';

/**
 * The port over `@upstash/redis`, whose own requests repeat themselves and cost more. It is loaded
 * by the first command, because a Worker starts sooner without it.
 */
export function createUpstash(store: RestStore, transport: RestTransport): RedisClient {
  let redis: Redis | undefined;
  // Not one promise for all: in workerd no request may wait for what another one started.
  const load = async () => {
    const opened = await openUpstash(store, transport);
    redis ??= opened;
    return redis;
  };
  // Once it is there, commands of one turn stay in one turn, so that they can go as one request.
  const ask = <T>(command: (redis: Redis) => Promise<T>) =>
    redis ? command(redis) : load().then(command);
  return createRedisClient(
    {
      mget: (keys) => ask((upstash) => upstash.mget(...keys)),
      set: (key, value, { px, nx }) =>
        ask((upstash) => upstash.set(key, value, nx ? { px, nx } : { px })),
      del: (keys) => ask((upstash) => upstash.del(...keys)),
      evaluate: (script, keys, args) => ask((upstash) => upstash.eval(script, keys, args)),
      ping: () => ask((upstash) => upstash.ping()),
    },
    () => transport.close(),
  );
}

async function openUpstash({ url, token }: RestStore, transport: RestTransport): Promise<Redis> {
  const { Redis } = await import('@upstash/redis/cloudflare');
  const redis = new Redis({
    url,
    token,
    // "123" and "null" are strings here, and stay strings.
    automaticDeserialization: false,
    // It gathers the commands of several requests into one, and in workerd no request may wait for
    // what another one started.
    enableAutoPipelining: false,
    enableTelemetry: false,
  });
  redis.use(({ path = [], body }) => transport.post(path, body) as Promise<never>);
  return redis;
}
