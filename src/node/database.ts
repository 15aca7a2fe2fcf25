import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../config.ts';
import { connectRemote, type Database } from '../db/client.ts';
import { openFile } from '../db/file.ts';
import { applyMigrations } from '../db/migrate.ts';
import { dataFiles, opened } from './data-folder.ts';

/** The file of a database: the one that a setting names, or that of the data folder. */
export const databaseFile = (config: Pick<Config, 'dataDir'>, named: string | null): string =>
  named ?? dataFiles(config).users;

/** Makes the file when there is none, and brings it up to date. Throws a `SettingError`. */
export async function openMigratedFile(
  config: Pick<Config, 'dataDir'>,
  named: string | null,
  migrations: string,
): Promise<Database> {
  const path = databaseFile(config, named);
  const setting = named === null ? 'DATA_DIR' : 'TURSO_DATABASE_URL';
  const file = await opened(setting, path, () => {
    mkdirSync(dirname(path), { recursive: true });
    return openFile(path);
  });
  await applyMigrations(file, migrations);
  return file;
}

/** A file is migrated at start; a server that others use too is migrated by `npm run db:migrate`. */
export async function openDatabase(
  config: Pick<Config, 'database' | 'dataDir'>,
  migrations: string,
): Promise<Database> {
  const { database } = config;
  if (database.kind === 'remote') return connectRemote(database);
  return openMigratedFile(config, database.path, migrations);
}
