import { Fault, type Refusal, type RefusalCode, type Result, refusal } from '../errors.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Rate } from '../settings.ts';

/** Counts what is limited. With the store down nothing is let through: a `Fault` is thrown. */
export interface Limits {
  /** Counts one try before it is made, so that parallel tries can't slip through. null: go on. */
  take(subject: string): Promise<Refusal | null>;
  /** Takes a try back that turned out to be none, and deletes keys in the same step. */
  giveBack(subject: string, deleting?: readonly string[]): Promise<void>;
  /** Takes a try back that ended in a fault, and throws the fault on: it was nobody's failure. */
  forgive(subject: string, fault: unknown): Promise<never>;
  /**
   * Makes a try that counts by its outcome: not when it ends in a fault (of another part than the
   * store), and where `counted` names a refusal, by that one alone. `rate_limited`: there were too
   * many, so it was not made.
   */
  attempt<T extends object>(
    subject: string,
    work: () => Promise<Result<T>>,
    counted?: RefusalCode,
  ): Promise<Result<T>>;
}

/**
 * Takes a try back that ended in a fault, and throws the fault on. When the store is what failed,
 * asking it once more would only take time.
 */
export async function forgiving(fault: unknown, giveBack: () => Promise<void>): Promise<never> {
  const storeFailed = fault instanceof Fault && fault.part === 'redis';
  if (!storeFailed) await giveBack().catch(() => {});
  throw fault;
}

/** `name` tells the limits apart in the store. */
export function createLimits(redis: RedisClient, name: string, rate: Rate): Limits {
  const key = (subject: string) => `gh:limit:${name}:${subject}`;
  const giveBack: Limits['giveBack'] = (subject, keys) => redis.uncount(key(subject), keys);
  const forgive: Limits['forgive'] = (subject, fault) => forgiving(fault, () => giveBack(subject));

  async function take(subject: string): Promise<Refusal | null> {
    const { count, resetIn } = await redis.count(key(subject), rate.window);
    if (count <= rate.count) return null;
    return refusal('rate_limited', { retryAfter: Math.max(1, Math.ceil(resetIn / 1000)) });
  }

  return {
    take,
    giveBack,
    forgive,
    async attempt(subject, work, counted) {
      const limited = await take(subject);
      if (limited) return limited;
      const result = await work().catch((fault) => forgive(subject, fault));
      const counts = counted === undefined || (!result.ok && result.code === counted);
      // What is done is done, and not answered no because a count stays too high.
      if (!counts) await giveBack(subject).catch(() => {});
      return result;
    },
  };
}
