import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRemote } from '../../src/db/client.ts';
import { applyMigrations } from '../../src/db/migrate.ts';
import { startChild } from '../../src/dev/child-group.ts';
import { findLibsqlServer } from '../../src/dev/libsql-server.ts';
import { freePort } from '../../src/dev/ports.ts';
import { minutes } from '../../src/time.ts';

/** Writers wait for each other in a loop, and hundreds of them leave the one that writes no CPU. */
const FEW = ['--max-concurrent-connections', '32'];

/** A real libSQL server with a fresh database, migrated unless told otherwise; it ends with this process at the latest. */
export async function startSqld({ migrated = true } = {}): Promise<{
  url: string;
  close(): Promise<void>;
}> {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-sqld-'));
  const address = `127.0.0.1:${await freePort()}`;
  const server = startChild({
    name: 'sqld',
    command: findLibsqlServer(),
    args: ['--http-listen-addr', address, '-d', join(data, 'users'), ...FEW],
    env: {},
    output: openSync(join(data, 'log'), 'w'),
  });
  const url = `http://${address}`;
  await Promise.race([answering(url), server.ended.then((how) => Promise.reject(how))]);
  if (migrated) {
    // A slow machine takes its time; no test is about that.
    await applyMigrations(connectRemote({ url, timeout: minutes(1) }), 'drizzle');
  }
  return {
    url,
    async close() {
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const up = await fetch(`${url}/health`).catch(() => null);
    if (up?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('sqld does not answer');
}
