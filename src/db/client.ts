import type { LibSQLDatabase } from 'drizzle-orm/libsql';
import { Fault } from '../errors.ts';
import { reasonOf } from '../fault-reason.ts';
import { retryWhileBusy } from '../sqlite-busy.ts';
import { type Milliseconds, seconds } from '../time.ts';

/** Without `transaction`: interactive ones fail under load, a `batch` with conditions does not. */
export type Drizzle = Omit<LibSQLDatabase, 'transaction'>;

export interface Database {
  /**
   * Runs one statement or one batch. A busy database is tried again for a second. Rejects with
   * a `Fault` of part `database`; what was asked for may then have happened or not.
   */
  run<T>(work: (db: Drizzle) => PromiseLike<T>): Promise<T>;
  close(): void;
}

export interface RemoteDatabase {
  url: string;
  authToken?: string | undefined;
  /** Limit of one statement. */
  timeout?: Milliseconds;
}

/**
 * A libSQL server over HTTP, on both runtimes. Each call has a client of its own, which costs
 * nothing (there is no connection to make) and lets no request in workerd wait for another's. The
 * driver comes with the first statement: most of what starts a Worker asks for none.
 */
export function connectRemote({
  url,
  authToken,
  timeout = seconds(1.5),
}: RemoteDatabase): Database {
  const limited = (request: Request) => fetch(request, { signal: AbortSignal.timeout(timeout) });
  const config = { url, fetch: limited, ...(authToken ? { authToken } : {}) };
  return {
    run: (work) =>
      guarded(async () => {
        const { openHttp } = await import('./http-driver.ts');
        return work(openHttp(config));
      }),
    close() {},
  };
}

/** Tries again while the database is busy, and turns every failure into a `Fault`. */
export async function guarded<T>(work: () => PromiseLike<T>, reset?: () => unknown): Promise<T> {
  try {
    return await retryWhileBusy(work, reset);
  } catch (error) {
    throw new Fault('database', faultOf(causeOf(error)));
  }
}

/** Drizzle wraps the driver's error in one whose message carries the parameters. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

/** Codes only, and a message only where it names a missing table, and so the remedy. */
function faultOf(error: unknown): string {
  const missing = /no such (?:table|column): \w+/.exec(error instanceof Error ? error.message : '');
  return missing ? `${missing[0]} (run the migrations: npm run db:migrate)` : reasonOf(error);
}
