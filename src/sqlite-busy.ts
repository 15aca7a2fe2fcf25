import type { Milliseconds } from './time.ts';

/** A second in all, in which whoever holds the lock is done as a rule. */
const WAITS: Milliseconds[] = [20, 40, 80, 160, 200, 250, 250];

/**
 * Does work again while another process holds the lock, for a second. The first try is made before
 * this returns, and the waits leave the event loop to others, which SQLite's own `busy_timeout` does
 * not. `reset` is called after every refusal. Rejects as the last try did.
 */
export async function retryWhileBusy<T>(
  work: () => T | PromiseLike<T>,
  reset: () => unknown = () => {},
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      await reset();
      const wait = WAITS[attempt];
      if (wait === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** `SQLITE_BUSY_SNAPSHOT` and `SQLITE_BUSY_RECOVERY` as well. Query builders wrap what a driver throws. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && /^SQLITE_BUSY/.test(String(error.code))) || isBusy(error.cause));
