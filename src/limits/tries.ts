import type { Refusal } from '../errors.ts';
import type { Backoff, RedisClient } from '../redis/client.ts';
import { type Try, tooMany, tryOf } from './limits.ts';

/**
 * Slows tries at one thing down that fail one after the other (ASVS 6.3.1). With the store down
 * nothing is let through: a `Fault` is thrown.
 */
export interface Tries {
  /** Counts one try before it is made, so that parallel ones can't slip through. */
  take(key: string): Promise<Try | Refusal>;
}

export type Growth = Pick<Backoff, 'free' | 'first' | 'longest'>;

/** Tries in a row after which waiting does not help any more (NIST SP 800-63B-4 section 3.2.2). */
export const STOP = 100;

/** The keys of a subject: deleting them starts anew, so that the next try waits for nothing. */
export const keysOf = (key: string): [string, string] => [key, `${key}:wait`];

export function createTries(
  redis: RedisClient,
  backoff: Backoff,
  setting?: string | undefined,
): Tries {
  return {
    async take(key) {
      const [count, waitKey] = keysOf(key);
      const { wait, counts } = await redis.countTry(count, waitKey, backoff);
      return wait > 0 ? tooMany(wait, setting) : tryOf(() => redis.uncount(counts, [waitKey]));
    },
  };
}
