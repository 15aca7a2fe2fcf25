import type { LibSQLDatabase } from 'drizzle-orm/libsql';
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

const BUSY_WAITS: Milliseconds[] = [20, 40, 80, 160];

/** Tries again while the database is busy, and turns every failure into a `Fault`. */
export async function guarded<T>(work: () => PromiseLike<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const cause = causeOf(error);
      const wait = BUSY_WAITS[attempt];
      if (wait === undefined || !isBusy(cause)) throw new Fault('database', reasonOf(cause));
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** Drizzle wraps the driver's error in one whose message carries the parameters. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

const isBusy = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';

/** Codes only, and a message only where it names a missing table, and so the remedy. */
function reasonOf(error: unknown): string {
  const missing = /no such (?:table|column): \w+/.exec(error instanceof Error ? error.message : '');
  if (missing) return `${missing[0]} (run the migrations: npm run db:migrate)`;
  return codesOf(error).join(', ') || 'no answer';
}

/** The codes or names of an error and of its causes, outermost first. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code = error.name } = error as { code?: unknown };
  return [String(code), ...codesOf(error.cause)];
}
