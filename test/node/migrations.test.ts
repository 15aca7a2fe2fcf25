import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { connectRemote, type Database } from '../../src/db/client.ts';
import { openFile } from '../../src/db/file.ts';
import { applyMigrations } from '../../src/db/migrate.ts';
import { temporaryFolder } from '../support/server.ts';
import { startSqld } from '../support/sqld.ts';

const FOUR = [1, 2, 3, 4];

/** Four processes as far as the database can tell: each has a connection of its own. */
async function migrateAtOnce(open: () => Promise<Database>) {
  const databases = await Promise.all(FOUR.map(open));
  onTestFinished(() => {
    for (const database of databases) database.close();
  });
  await Promise.all(databases.map((database) => applyMigrations(database, 'drizzle')));
  return databases[0]?.run((db) =>
    db.all<{ rows: number; moments: number }>(
      sql`SELECT count(*) AS rows, count(DISTINCT created_at) AS moments FROM __drizzle_migrations`,
    ),
  );
}

const isOnceEach = [{ rows: expect.any(Number), moments: expect.any(Number) }];

it('four at once migrate a new file, each migration once', async () => {
  for (const round of [1, 2, 3]) {
    const path = join(temporaryFolder(), `${round}.db`);
    const found = await migrateAtOnce(() => openFile(path));
    expect(found).toEqual(isOnceEach);
    expect(found?.[0]?.rows).toBe(found?.[0]?.moments);
  }
});

it('four at once migrate a new database of a libSQL server, each migration once', async () => {
  const server = await startSqld({ migrated: false });
  onTestFinished(server.close);
  const found = await migrateAtOnce(async () =>
    connectRemote({ url: server.url, timeout: 10_000 }),
  );
  expect(found).toEqual(isOnceEach);
  expect(found?.[0]?.rows).toBe(found?.[0]?.moments);
});
