import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { connectRemote } from '../../src/db/client.ts';
import { applyMigrations } from '../../src/db/migrate.ts';
import { start, temporaryFolder } from '../support/server.ts';
import { startSqld } from '../support/sqld.ts';

it('a server says that it is ready only when its database has tables', async () => {
  const sqld = await startSqld();
  onTestFinished(() => sqld.close());
  const database = connectRemote({ url: sqld.url });
  const names = await database.run((db) =>
    db.all<{ name: string }>(sql`
      SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
      AND name NOT LIKE 'libsql%'`),
  );
  for (const { name } of names) {
    await database.run((db) => db.run(sql`DROP TABLE ${sql.identifier(name)}`));
  }
  const env = { TURSO_DATABASE_URL: sqld.url, DATA_DIR: join(temporaryFolder(), 'data') };
  const empty = await start(env);
  await expect.poll(() => empty.output().out, { timeout: 5000 }).not.toBe('');
  expect(empty.output().out).not.toContain('Gatehouse is ready');
  expect(empty.output().out).toMatch(/^Gatehouse listens at .+npm run db:migrate/);
  const refused = await fetch(`${empty.url}/ready`);
  const problem = (await refused.json()) as { code: string; detail: string };
  expect([refused.status, problem.code]).toEqual([503, 'unavailable']);
  expect(problem.detail).toContain('Without tables: database');
  expect(problem.detail).not.toContain('redis');
  expect((await fetch(`${empty.url}/health`)).status).toBe(200);

  await applyMigrations(database, 'drizzle');
  const status = async () => (await fetch(`${empty.url}/ready`)).status;
  await expect.poll(status, { timeout: 5000 }).toBe(200);
  const migrated = await start(env);
  await expect.poll(() => migrated.output().out, { timeout: 5000 }).toContain('Gatehouse is ready');
}, 40_000);
