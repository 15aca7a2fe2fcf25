import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connectRemote, type Database } from '../../src/db/client.ts';
import { openFile } from '../../src/db/file.ts';
import { applyMigrations } from '../../src/db/migrate.ts';
import { seconds } from '../../src/time.ts';
import { databaseUrl } from './database-url.ts';

/** Two connections to one database, as two processes have them. */
export type Pair = [Database, Database];

/** The two databases that this project runs on. The server's is shared by all tests. */
export const DATABASES: Record<string, () => Promise<Pair>> = {
  async 'a file'() {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
    const path = join(folder, 'gatehouse.db');
    const pair: Pair = [await openFile(path), await openFile(path)];
    await applyMigrations(pair[0], 'drizzle');
    onTestFinished(() => {
      for (const database of pair) database.close();
      rmSync(folder, { recursive: true, force: true });
    });
    return pair;
  },
  async 'a libSQL server'() {
    const server = { url: databaseUrl(), timeout: seconds(10) };
    return [connectRemote(server), connectRemote(server)];
  },
};
