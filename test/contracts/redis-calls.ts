import type { RedisClient } from '../../src/redis/client.ts';
import { minutes } from '../../src/time.ts';

/** What no error, log or trace may show. */
export const SECRETS = {
  key: 'gh:{secret-user}:s:secret-key',
  value: 'secret-value',
  expected: 'secret-expected',
  index: 'gh:{secret-user}:i',
};

const { key, value, expected, index } = SECRETS;
const [prefix, member, ttl] = ['gh:{secret-user}:s:', 'secret-key', minutes(1)] as const;

/** Calls of the port that may be sent once more. */
export const READS: Record<string, (redis: RedisClient) => Promise<unknown>> = {
  get: (redis) => redis.get([key]),
  ping: (redis) => redis.ping(),
};

/** Calls of the port's other methods. What is behind them may have happened already. */
export const WRITES: Record<string, (redis: RedisClient) => Promise<unknown>> = {
  add: (redis) => redis.add(key, value, ttl),
  put: (redis) => redis.put(key, value, ttl),
  compareAndSet: (redis) => redis.compareAndSet(key, expected, value, ttl),
  'compareAndSet with an entry': (redis) =>
    redis.compareAndSet(key, expected, value, ttl, { index, member, score: 1 }),
  delete: (redis) => redis.delete([key]),
  addIndexed: (redis) => redis.addIndexed({ index, prefix, member, value, score: 1, ttl, max: 3 }),
  deleteIndexed: (redis) => redis.deleteIndexed({ index, prefix, member }),
  listIndexed: (redis) => redis.listIndexed({ index, prefix }),
  count: (redis) => redis.count([{ key, max: 9, window: ttl }]),
  uncount: (redis) => redis.uncount([{ key, window: 'w' }]),
  'uncount and delete': (redis) => redis.uncount([{ key, window: 'w' }], [index]),
  countTry: (redis) =>
    redis.countTry(key, index, { free: 1, first: ttl, longest: ttl, stop: 9, keep: ttl }),
};

export const CALLS = { ...READS, ...WRITES };
