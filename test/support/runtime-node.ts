import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { onTestFinished } from 'vitest';
import { openFile } from '../../src/db/file.ts';
import { applyMigrations } from '../../src/db/migrate.ts';
import { createGate } from '../../src/passwords/gate.ts';
import { nativeBcrypt } from '../../src/passwords/native.ts';
import { createEmbedded } from '../../src/redis/embedded.ts';
import { createKeepAlive } from '../../src/redis/keep-alive.ts';
import { createUpstash } from '../../src/redis/upstash.ts';
import type { Runtime } from './runtime.ts';

export const node: Runtime = {
  name: 'node',
  platform: 'node',
  bcrypt: nativeBcrypt,
  gate: createGate({ concurrency: 2, queue: 16 }),
  routing: () => ({}),
  connectRest: (store) => createUpstash(store, createKeepAlive(store)),
  openEmbedded: (clock) => createEmbedded({ path: ':memory:', clock }),
  async openDatabase() {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
    const database = await openFile(join(folder, 'gatehouse.db'));
    // No test pulls the plug, and waiting for the disk takes most of the time.
    await database.run((db) => db.run(sql`PRAGMA synchronous = OFF`));
    await applyMigrations(database, 'drizzle');
    onTestFinished(async () => {
      database.close();
      await rm(folder, { recursive: true, force: true });
    });
    return database;
  },
};
