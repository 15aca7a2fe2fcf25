import { createClient } from '@libsql/client/sqlite3';
import { drizzle } from 'drizzle-orm/libsql/sqlite3';
import { type Database, guarded } from './client.ts';

/** A libSQL file, on Node. `path` may be `:memory:`. */
export async function openFile(path: string): Promise<Database> {
  const client = createClient({ url: path === ':memory:' ? path : `file:${path}` });
  await client.execute('PRAGMA journal_mode = WAL');
  const db = drizzle(client);
  return {
    run: (work) => guarded(() => work(db)),
    close: () => client.close(),
  };
}
