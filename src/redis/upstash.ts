import { Redis } from '@upstash/redis/cloudflare';
import { type Milliseconds, seconds } from '../time.ts';
import type { RedisClient } from './client.ts';
import { createRedisClient } from './commands.ts';

export interface RestStore {
  url: string;
  token: string;
  /** Limit of one command. The default is half of the two seconds within which a 503 is answered. */
  timeout?: Milliseconds;
}

/** Carries the client's requests. One try each: a repeated write could count twice. */
export interface RestTransport {
  /**
   * Posts to a path below the store's address, and answers with the parsed JSON. Rejects when there
   * is no answer in time, or none with status 200.
   */
  post(path: readonly string[], body: unknown): Promise<unknown>;
  close(): void;
}

export const REST_TIMEOUT = seconds(1);

/** The port over `@upstash/redis`, whose own requests repeat themselves and cost more. */
export function createUpstash({ url, token }: RestStore, transport: RestTransport): RedisClient {
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
  return createRedisClient(
    {
      mget: (keys) => redis.mget(...keys),
      set: (key, value, { px, nx }) => redis.set(key, value, nx ? { px, nx } : { px }),
      del: (keys) => redis.del(...keys),
      evaluate: (script, keys, args) => redis.eval(script, keys, args),
      ping: () => redis.ping(),
    },
    () => transport.close(),
  );
}
