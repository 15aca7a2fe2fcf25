import { createHash } from 'node:crypto';
import { type Refusal, refusal } from '../errors.ts';
import type { Backoff, RedisClient } from '../redis/client.ts';
import { days } from '../time.ts';

/**
 * Slows tries at one thing down that fail one after the other (ASVS 6.3.1). With the store down
 * nothing is let through: a `Fault` is thrown.
 */
export interface Tries {
  /** Counts one try before it is made, so that parallel ones can't slip through. null: go on. */
  take(subject: string): Promise<Refusal | null>;
  /** What to delete when a try went well, so that the next one waits for nothing. */
  keysOf(subject: string): string[];
  /** Takes a try back that turned out to be none. */
  giveBack(subject: string): Promise<void>;
}

export type Growth = Pick<Backoff, 'free' | 'first' | 'longest'>;

/** Tries in a row after which waiting does not help any more. */
const STOP = 100;

/** `name` tells the limits apart in the store. */
export function createTries(
  redis: RedisClient,
  { name, growth, stops = true }: { name: string; growth: Growth; stops?: boolean },
): Tries {
  const backoff = { ...growth, stop: stops ? STOP : Number.MAX_SAFE_INTEGER, keep: days(30) };
  /** A digest: a name that nobody has may still be somebody's address, or a password typed amiss. */
  function keysOf(subject: string): [string, string] {
    const digest = createHash('sha256').update(subject).digest('base64url').slice(0, 22);
    const key = `gh:tries:{${name}:${digest}}`;
    return [key, `${key}:wait`];
  }
  return {
    async take(subject) {
      const wait = await redis.countTry(...keysOf(subject), backoff);
      return wait <= 0 ? null : refusal('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
    },
    keysOf,
    async giveBack(subject) {
      const [key, waitKey] = keysOf(subject);
      await redis.uncount(key, [waitKey]);
    },
  };
}
