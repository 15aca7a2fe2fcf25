import { createClient, LibsqlError } from '@libsql/client/http';
import type { LibSQLDatabase } from 'drizzle-orm/libsql';
import { drizzle } from 'drizzle-orm/libsql/http';
import { Fault } from '../errors.ts';
import { type Milliseconds, seconds } from '../time.ts';

/** Without `transaction`: interactive ones fail under load, a `batch` with conditions does not. */
export type Drizzle = Omit<LibSQLDatabase, 'transaction'>;

export interface Database {
  /**
   * Runs one statement or one batch. A busy database is tried again for a short while. Rejects with
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
 * nothing (there is no connection to make) and lets no request in workerd wait for another's.
 */
export function connectRemote({
  url,
  authToken,
  timeout = seconds(1.5),
}: RemoteDatabase): Database {
  const limited = (request: Request) => fetch(request, { signal: AbortSignal.timeout(timeout) });
  const config = { url, fetch: limited, ...(authToken ? { authToken } : {}) };
  return {
    run: (work) => guarded(() => work(drizzle(createClient(config)))),
    close() {},
  };
}

const BUSY_WAITS: Milliseconds[] = [20, 40, 80, 160];

/** Tries again while the database is busy, and turns every failure into a `Fault`. */
export async function guarded<T>(work: () => PromiseLike<T>): Promise<T> {
  for (const wait of [...BUSY_WAITS, null]) {
    try {
      return await work();
    } catch (error) {
      const cause = causeOf(error);
      if (wait === null || !isBusy(cause)) throw new Fault('database', reasonOf(cause));
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  throw new Fault('database', 'busy');
}

/** Drizzle wraps the driver's error in one whose message carries the parameters. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

const isBusy = (error: unknown) => error instanceof LibsqlError && error.code === 'SQLITE_BUSY';

/** The driver's code; its message only where it names a missing table, and so the remedy. */
function reasonOf(error: unknown): string {
  if (!(error instanceof LibsqlError)) return error instanceof Error ? error.name : 'no answer';
  const missing = /no such (table|column): \w+/.exec(error.message)?.[0];
  return missing ? `${missing} (run the migrations: npm run db:migrate)` : error.code;
}
