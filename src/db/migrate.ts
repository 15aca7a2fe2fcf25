import type { LibSQLDatabase } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Database } from './client.ts';

/**
 * Applies the numbered migrations of a folder that the database does not have yet. Node only.
 *
 * @throws An `Error` that names the folder when the migrations are not there.
 */
export async function applyMigrations(database: Database, folder: string): Promise<void> {
  checkMigrations(folder);
  await database.run((db) => migrate(db as LibSQLDatabase, { migrationsFolder: folder }));
}

/**
 * A server that was copied without its migrations would only say that the database failed.
 *
 * @throws An `Error` that names the folder and the remedy.
 */
export function checkMigrations(folder: string): void {
  try {
    readMigrationFiles({ migrationsFolder: folder });
  } catch {
    throw new Error(
      `the migrations in ${folder} are missing or incomplete: run npm run build, and copy the whole of dist/server`,
    );
  }
}
