import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '../config.ts';
import { connectRemote } from '../db/client.ts';
import { openFile } from '../db/file.ts';
import { applyMigrations } from '../db/migrate.ts';
import { minutes } from '../time.ts';

const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** `npm run db:migrate`: brings the database of the settings up to date. */
async function main() {
  process.umask(0o077);
  const { database: target, dataDir } = parseConfig(databaseSettings(), 'node');
  if (target.kind === 'remote') {
    // A statement may rebuild a whole table.
    await applyMigrations(connectRemote({ ...target, timeout: minutes(5) }), MIGRATIONS);
    // The host alone: an address may carry a token.
    return report(new URL(target.url).host);
  }
  const path = target.path ?? join(dataDir, 'gatehouse.db');
  mkdirSync(dirname(path), { recursive: true });
  const file = await openFile(path);
  await applyMigrations(file, MIGRATIONS);
  file.close();
  report(path);
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
