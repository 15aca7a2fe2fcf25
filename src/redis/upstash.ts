import { Redis } from '@upstash/redis/cloudflare';
import { Fault } from '../errors.ts';
import { type Milliseconds, seconds } from '../time.ts';
import type { RedisClient } from './client.ts';
import { ADD_INDEXED, COMPARE_AND_SET, COUNT, DELETE_INDEXED, UNCOUNT } from './scripts.ts';

export interface RestStore {
  url: string;
  token: string;
  /** Limit of one command. The default is half of the two seconds within which a 503 is answered. */
  timeout?: Milliseconds;
}

/** Carries the client's requests in place of `fetch`. */
export interface RestTransport {
  /** Posts to a path below the store's address, and answers with the parsed JSON. */
  post(path: readonly string[], body: unknown): Promise<unknown>;
  close(): void;
}

/** The port over `@upstash/redis`, by the platform's `fetch` or by a transport of one's own. */
export function createUpstash(store: RestStore, transport?: RestTransport): RedisClient {
  const { url, token, timeout = REST_TIMEOUT } = store;
  const redis = new Redis({
    url,
    token,
    // "123" and "null" are strings here, and stay strings.
    automaticDeserialization: false,
    // It gathers the commands of several requests into one, and in workerd no request may wait for
    // what another one started.
    enableAutoPipelining: false,
    enableTelemetry: false,
    // One try: a repeated command whose first answer was lost counts twice or reads null.
    retry: { retries: 0 },
    // A function, because with one fixed signal a command that timed out resolves to null.
    signal: () => AbortSignal.timeout(timeout),
    // Stored text is JSON, so it needs no base64 on the way.
    responseEncoding: false,
  });
  if (transport) {
    redis.use(({ path = [], body }) => transport.post(path, body) as Promise<never>);
  }

  const evaluate = (script: string, keys: string[], args: (string | number)[]) =>
    ask(redis.eval(script, keys, args.map(String)));

  return {
    async get(keys) {
      const values = await ask(redis.mget(...keys));
      if (!Array.isArray(values) || values.length !== keys.length || !values.every(isValue)) {
        throw misunderstood();
      }
      return values;
    },
    async add(key, value, ttl) {
      const answer = await ask(redis.set(key, value, { nx: true, px: whole(ttl) }));
      if (answer !== 'OK' && answer !== null) throw misunderstood();
      return answer === 'OK';
    },
    async compareAndSet(key, expected, value, ttl) {
      return yes(await evaluate(COMPARE_AND_SET, [key], [expected, value, whole(ttl)]));
    },
    async delete(keys) {
      const answer = await ask(redis.del(...keys));
      if (typeof answer !== 'number') throw misunderstood();
    },
    async addIndexed(record) {
      const { index, prefix, member, value, score, ttl, indexTtl, max } = record;
      const args = [prefix, member, value, score, whole(ttl), whole(indexTtl), max];
      return yes(await evaluate(ADD_INDEXED, [prefix + member, index], args));
    },
    async deleteIndexed({ index, prefix, member }) {
      return yes(await evaluate(DELETE_INDEXED, [prefix + member, index], [member]));
    },
    async count(key, window) {
      const answer = await evaluate(COUNT, [key], [whole(window)]);
      const [count, resetIn] = Array.isArray(answer) ? answer : [];
      if (typeof count !== 'number' || typeof resetIn !== 'number') throw misunderstood();
      return { count, resetIn };
    },
    async uncount(key) {
      if (typeof (await evaluate(UNCOUNT, [key], [])) !== 'number') throw misunderstood();
    },
    async ping() {
      if ((await ask(redis.ping())) !== 'PONG') throw misunderstood();
    },
    async close() {
      transport?.close();
    },
  };
}

export const REST_TIMEOUT = seconds(1);

/** Upstash's errors print the whole command, token and session included, so only the kind is kept. */
async function ask(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof Fault
      ? error
      : new Fault('redis', error instanceof Error ? error.name : 'no answer');
  }
}

const misunderstood = () => new Fault('redis', 'an answer that is not understood');

const isValue = (value: unknown): value is string | null =>
  typeof value === 'string' || value === null;

/** Redis takes whole milliseconds, at least one. */
const whole = (ttl: Milliseconds) => Math.max(1, Math.round(ttl));

function yes(answer: unknown): boolean {
  if (answer !== 0 && answer !== 1) throw misunderstood();
  return answer === 1;
}
