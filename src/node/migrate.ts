import { fileURLToPath } from 'node:url';
import { parseConfig } from '../config.ts';
import { connectRemote } from '../db/client.ts';
import { applyMigrations } from '../db/migrate.ts';
import { minutes } from '../time.ts';
import { databaseFile, openMigratedFile } from './database.ts';
import { checkFileAccess } from './file-access.ts';

const MIGRATIONS = fileURLToPath(new URL('drizzle', import.meta.url));

/** `npm run db:migrate`: brings the database of the settings up to date. */
async function main() {
  process.umask(0o077);
  const config = parseConfig(databaseSettings(), 'node');
  const { database: target } = config;
  if (target.kind === 'remote') {
    // A statement may rebuild a whole table.
    await applyMigrations(connectRemote({ ...target, timeout: minutes(5) }), MIGRATIONS);
    // The host alone: an address may carry a token.
    return report(new URL(target.url).host);
  }
  checkFileAccess(config, console.warn);
  const file = await openMigratedFile(config, target.path, MIGRATIONS);
  file.close();
  report(databaseFile(config, target.path));
}

/** The others stay out, so that a machine which only migrates needs none of them. */
function databaseSettings(): Record<string, unknown> {
  const { DATA_DIR, TURSO_DATABASE_URL, TURSO_AUTH_TOKEN } = process.env;
  return { DATA_DIR, TURSO_DATABASE_URL, TURSO_AUTH_TOKEN };
}

function report(name: string) {
  console.log(`The database ${name} has all migrations.`);
}

main().catch((error: unknown) => {
  console.error(`gatehouse can not migrate: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
