import type { LibSQLDatabase } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';
import type { Database } from './client.ts';

/** Applies the numbered migrations of a folder that the database does not have yet. Node only. */
export function applyMigrations(database: Database, folder: string): Promise<void> {
  return database.run((db) => migrate(db as LibSQLDatabase, { migrationsFolder: folder }));
}
