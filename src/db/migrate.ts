import { sql } from 'drizzle-orm';
import type { LibSQLDatabase } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Milliseconds } from '../time.ts';
import type { Database } from './client.ts';

/** How often others may be faster, and the longest wait for them. */
const TRIES = 30;
const LONGEST_WAIT: Milliseconds = 400;

/**
 * Applies the numbered migrations of a folder that the database does not have yet. Node only.
 * Several processes may do so at once: each tries to apply all that is missing in one transaction, one
 * of them succeeds, and the others find nothing left to do.
 *
 * @throws An `Error` that names the folder when the migrations are not there.
 */
export async function applyMigrations(database: Database, folder: string): Promise<void> {
  checkMigrations(folder);
  for (let attempt = 1; ; attempt += 1) {
    const before = await countApplied(database).catch(() => null);
    try {
      await prepare(database);
      await database.run((db) => migrate(db as LibSQLDatabase, { migrationsFolder: folder }));
      return;
    } catch (error) {
      if (attempt === TRIES || !(await othersMigrate(database, before, error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_WAIT));
    }
  }
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

/** Makes a migration that another process has applied meanwhile fail, whatever it does. */
async function prepare(database: Database): Promise<void> {
  if ((await countApplied(database)) === null) {
    // As drizzle makes it.
    await database.run((db) =>
      db.run(sql`CREATE TABLE IF NOT EXISTS __drizzle_migrations
        (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)`),
    );
  }
  await database.run((db) =>
    db.run(sql`CREATE UNIQUE INDEX IF NOT EXISTS __drizzle_migrations_once
      ON __drizzle_migrations (created_at)`),
  );
}

/** Null: there has been no migration. */
async function countApplied(database: Database): Promise<number | null> {
  const tables = await database.run((db) =>
    db.all(sql`SELECT name FROM sqlite_master WHERE name = '__drizzle_migrations'`),
  );
  if (tables.length === 0) return null;
  const rows = await database.run((db) =>
    db.all<{ n: number }>(sql`SELECT count(*) AS n FROM __drizzle_migrations`),
  );
  return rows[0]?.n ?? 0;
}

async function othersMigrate(database: Database, before: number | null, error: unknown) {
  if (/SQLITE_BUSY|SQLITE_LOCKED/.test(String(error))) return true;
  return (await countApplied(database).catch(() => before)) !== before;
}
