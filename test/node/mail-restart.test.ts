import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readOutbox } from '../../src/mail/outbox.ts';
import { PASSWORD } from '../support/app.ts';
import { start, temporaryFolder } from '../support/server.ts';

const EMAIL = 'ada@example.com';

// Servers are started, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const post = (url: string, path: string, json: object) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json),
  });

/** A mail server that takes connections and never says a word. */
async function silentServer() {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

describe('a mail server that does not answer', () => {
  it('delays no request, and what it did not take is sent after a restart', async () => {
    const folder = join(temporaryFolder(), 'data');
    const env = {
      ...{ DATA_DIR: folder, BCRYPT_COST: '4', MAIL_FROM: 'gatehouse@example.com' },
      // What a process that died was sending counts as sent.
      LIMIT_MAIL: '10/1h',
    };
    const silent = await silentServer();
    const first = await start({ ...env, MAIL_URL: silent.url });
    const json = { email: EMAIL, password: PASSWORD };
    const before = performance.now();
    expect((await post(first.url, '/auth/register', json)).status).toBe(201);
    expect((await post(first.url, '/auth/password/forgot', { email: EMAIL })).status).toBe(202);
    // The transport gives up after five minutes.
    expect(performance.now() - before).toBeLessThan(5000);
    await vi.waitFor(() => expect(silent.sockets.size).toBeGreaterThan(0), { timeout: 10_000 });
    first.process.kill('SIGKILL');
    await first.ended;

    const database = new Sqlite(join(folder, 'gatehouse.db'));
    const waiting = database.prepare('SELECT purpose, attempts FROM mail_queue ORDER BY id').all();
    expect(waiting).toMatchObject([{ purpose: 'verification' }, { purpose: 'reset' }]);
    // As if the lease of the process that died were over.
    database.exec('UPDATE mail_queue SET due_at = 0');
    database.close();

    const { MAIL_FROM: _, ...outbox } = env;
    const second = await start(outbox);
    const read = () => readOutbox(join(folder, 'outbox'), 10);
    await vi.waitFor(async () => expect(await read()).toHaveLength(2), { timeout: 10_000 });
    const texts = (await read()).map(({ text }) => text).join('\n');
    const [, token] = /\/reset\?token=([\w-]{43})/.exec(texts) ?? [];
    const password = 'another horse battery staple';
    expect((await post(second.url, '/auth/password/reset', { token, password })).status).toBe(204);
    const login = await post(second.url, '/auth/login', { email: EMAIL, password });
    expect(login.status).toBe(200);
  });

  it('holds the end of the process up for a moment only, and loses nothing', async () => {
    const folder = join(temporaryFolder(), 'data');
    const silent = await silentServer();
    const env = { DATA_DIR: folder, BCRYPT_COST: '4', MAIL_FROM: 'gatehouse@example.com' };
    const server = await start({ ...env, MAIL_URL: silent.url });
    await post(server.url, '/auth/register', { email: EMAIL, password: PASSWORD });
    await vi.waitFor(() => expect(silent.sockets.size).toBeGreaterThan(0), { timeout: 10_000 });
    server.process.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    const database = new Sqlite(join(folder, 'gatehouse.db'));
    const [row] = database.prepare('SELECT purpose, due_at FROM mail_queue').all();
    database.close();
    expect(row).toMatchObject({ purpose: 'verification' });
    // Not for the whole of its lease, because it is known that it was cut off.
    expect((row as { due_at: number }).due_at).toBeLessThan(Date.now() + 60_000);
  });
});
