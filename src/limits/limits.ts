import { Fault, type Refusal, type RefusalCode, type Result, refusal } from '../errors.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Rate } from '../settings.ts';
import type { Network } from './address.ts';

/** What is counted: something by its name, or a client in all its networks. */
export type Subject = string | readonly Network[];

/** Counts what is limited. With the store down nothing is let through: a `Fault` is thrown. */
export interface Limits {
  /**
   * Counts one try before it is made, so that parallel tries can't slip through. `rate_limited`:
   * there were too many; a refused try is not counted.
   */
  take(subject: Subject): Promise<Try | Refusal>;
  /**
   * Makes a try that counts by its outcome: not when it ends in a fault (of another part than the
   * store), and where `counted` names a refusal, by that one alone. `rate_limited`: there were too
   * many, so it was not made.
   */
  attempt<T extends object>(
    subject: Subject,
    work: () => Promise<Result<T>>,
    counted?: RefusalCode,
  ): Promise<Result<T>>;
}

/** A try that was counted. */
export interface Try {
  ok: true;
  /** Takes the try back, once. Does nothing when the window that it was counted in has ended. */
  giveBack(): Promise<void>;
  /** Takes a try back that ended in a fault, and throws the fault on: it was nobody's failure. */
  forgive(fault: unknown): Promise<never>;
}

export function tryOf(undo: () => Promise<void>): Try {
  let given: Promise<void> | null = null;
  const giveBack = () => {
    given ??= undo();
    return given;
  };
  return {
    ok: true,
    giveBack,
    async forgive(fault) {
      // When the store is what failed, asking it once more would only take time.
      const storeFailed = fault instanceof Fault && fault.part === 'redis';
      if (!storeFailed) await giveBack().catch(() => {});
      throw fault;
    },
  };
}

export interface LimitOptions {
  /** Tells the limits apart in the store. */
  name: string;
  rate: Rate;
  /** The setting that a refusal names, for a developer. */
  setting?: string | undefined;
}

export function createLimits(redis: RedisClient, { name, rate, setting }: LimitOptions): Limits {
  /** All in one unit, so they share a hash tag: that of the widest network. */
  function countersOf(subject: Subject) {
    const networks = typeof subject === 'string' ? [{ name: subject, times: 1 }] : subject;
    const tag = `{${name}:${networks.at(-1)?.name}}`;
    return networks.map((network) => ({
      key: `gh:limit:${tag}:${network.name}`,
      max: rate.count * network.times,
      window: rate.window,
    }));
  }

  async function take(subject: Subject): Promise<Try | Refusal> {
    const { wait, counts } = await redis.count(countersOf(subject));
    if (wait > 0) return tooMany(wait, setting);
    return tryOf(() => redis.uncount(counts));
  }

  return {
    take,
    async attempt(subject, work, counted) {
      const taken = await take(subject);
      if (!taken.ok) return taken;
      const result = await work().catch(taken.forgive);
      const counts = counted === undefined || (!result.ok && result.code === counted);
      // What is done is done, and not answered no because a count stays too high.
      if (!counts) await taken.giveBack().catch(() => {});
      return result;
    },
  };
}

/** `wait`: milliseconds until trying again can help. */
export const tooMany = (wait: number, setting?: string): Refusal =>
  refusal('rate_limited', {
    retryAfter: Math.max(1, Math.ceil(wait / 1000)),
    ...(setting === undefined ? {} : { setting }),
  });
