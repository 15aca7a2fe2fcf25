import { createClient } from '@libsql/client/sqlite3';
import { drizzle } from 'drizzle-orm/libsql/sqlite3';
import { type Database, guarded } from './client.ts';

/**
 * A libSQL file, on Node. `path` may be `:memory:`.
 *
 * The driver leaves a statement that was refused by `SQLITE_BUSY` open. To SQLite that is a writer
 * which is not done, so the next read never ends its snapshot: later reads answer what was true then,
 * and every write is refused. So a refusal costs the connection, and the next try has a new one.
 */
export async function openFile(path: string): Promise<Database> {
  const client = createClient({ url: path === ':memory:' ? path : addressOf(path) });
  const db = drizzle(client);
  let closed = false;

  /** Others may hold the connection that was closed for them, and have not used it yet. */
  async function withOpen<T>(work: () => PromiseLike<T>): Promise<T> {
    for (;;) {
      const opened = connections;
      try {
        return await work();
      } catch (error) {
        if (closed || opened === connections || !isClosed(error)) throw error;
      }
    }
  }

  let connections = 0;
  async function reconnect() {
    if (closed) return;
    connections += 1;
    await client.reconnect();
  }

  const run: Database['run'] = (work) => guarded(() => withOpen(async () => work(db)), reconnect);
  await run(() => client.execute('PRAGMA journal_mode = WAL'));
  return {
    run,
    close() {
      closed = true;
      client.close();
    },
  };
}

/** The driver reads an address, in which these have meanings of their own. */
const addressOf = (path: string): string =>
  `file:${path.replace(/^\/{2,}/, '/').replace(/[%?#]/g, encodeURIComponent)}`;

/** Thrown by the driver before it asks the database for anything. */
const isClosed = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === 'CLIENT_CLOSED') || isClosed(error.cause));
