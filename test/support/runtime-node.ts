import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { onTestFinished } from 'vitest';
import { openFile } from '../../src/db/file.ts';
import { applyMigrations } from '../../src/db/migrate.ts';
import { createGate } from '../../src/passwords/gate.ts';
import { nativeBcrypt } from '../../src/passwords/native.ts';
import { createEmbedded } from '../../src/redis/embedded.ts';
import { createNodeRest } from '../../src/redis/node-rest.ts';
import type { Runtime } from './runtime.ts';

export const node: Runtime = {
  name: 'node',
  platform: 'node',
  sharesWork: true,
  bcrypt: nativeBcrypt,
  gate: createGate({ concurrency: 2, queue: 16 }),
  async answer(app, request) {
    // As Node's adapter: what stands on the platform's response goes with the answer, which wins.
    const outgoing = new ServerResponse(new IncomingMessage(new Socket()));
    const answer = await app.fetch(request, { outgoing });
    const cookies = answer.headers.getSetCookie();
    const own = Object.fromEntries(answer.headers);
    outgoing.writeHead(answer.status, cookies.length > 0 ? { ...own, 'set-cookie': cookies } : own);
    const lines = Object.entries(outgoing.getHeaders()).flatMap(([name, value]) =>
      [value].flat().map((line): [string, string] => [name, String(line)]),
    );
    return new Response(answer.body, { status: answer.status, headers: lines });
  },
  routing: () => ({}),
  connectRest: createNodeRest,
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
