import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKnownDevices } from '../../src/accounts/known-device.ts';
import { askersOf } from '../../src/limits/address.ts';
import { createGate } from '../../src/passwords/gate.ts';
import { expectRefused, patch } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import { login } from '../support/requests.ts';
import { start, temporaryFolder } from '../support/server.ts';

describe('the hash queue', () => {
  it('takes all addresses of one IPv6 customer for one asker', async () => {
    const gate = createGate({ concurrency: 1, queue: 8 });
    let finish = () => {};
    const busy = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const customer = Array.from({ length: 9 }, (_, n) =>
      gate.run(() => busy, askersOf(`2001:db8:1:${n}00::1`, `account${n}`)),
    );
    const other = gate.run(async () => 'served', askersOf('192.0.2.7', 'ada'));
    finish();
    expect(await other).toBe('served');
    expect((await Promise.all(customer)).filter((outcome) => outcome === null)).toHaveLength(1);
  });
});

describe('device cookies', () => {
  it('are looked at four at most, because each tag costs an HMAC', () => {
    const devices = createKnownDevices(['s'.repeat(32)]);
    const genuine = devices.remember([], 'ada', null);
    const junk = (n: number) =>
      createHmac('sha256', 'junk').update(`${n}`).digest('base64url').slice(0, 22) +
      `.${'A'.repeat(22)}`.repeat(8);
    expect(devices.idsFor([junk(1), junk(2), junk(3), genuine], 'ada')).toHaveLength(1);
    const many = [...Array.from({ length: 60 }, (_, n) => junk(n)), genuine];
    expect(devices.idsFor(many, 'ada')).toEqual([]);
  });
});

describe('a save that was on its way while its browser got a new token', () => {
  it.each([
    ['/auth/reauthenticate', { password: PASSWORD }],
    ['/auth/password', { currentPassword: PASSWORD, newPassword: 'another horse battery staple' }],
  ])('starts no session of a visitor: %s', async (path, json) => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const tab = client.copy();
    expect((await client.post(path, { json })).status).toBeLessThan(300);
    const refused = await patch(tab, '/auth/session/data', { draft: 1 });
    expectRefused(refused, 401, 'not_signed_in');
    expect(refused.cookies).toEqual([]);
    expect((await client.get('/auth/session')).json.user).not.toBeNull();
  });
});

describe('an imported user name that looks like an address', () => {
  it('is nobody else to register, so a login with it means its user', async () => {
    const app = await createTestApp();
    const { user } = await app.registered();
    await app.sql(sql`UPDATE users SET email = NULL, username = 'bob@corp.example'
      WHERE id = ${user.id}`);
    const json = { email: 'bob@corp.example', password: PASSWORD };
    expectRefused(await app.client().post('/auth/register', { json }), 409, 'email_taken');
    expect((await login(app.client(), { email: 'bob@corp.example' })).json.user.id).toBe(user.id);
  });
});

describe('ending sessions', () => {
  it('is bounded by a count of its own, by session', async () => {
    const app = await createTestApp({ env: { LIMIT_WRITES: '1/10m' } });
    const { client } = await app.registered();
    for (let n = 0; n < 300; n += 1) {
      expect((await client.request('DELETE', '/auth/sessions')).status).toBe(200);
    }
    const refused = await client.request('DELETE', '/auth/sessions');
    expectRefused(refused, 429, 'rate_limited');
    expect((await client.post('/auth/logout')).status).toBe(204);
  }, 60_000);
});

describe('a request behind an answer that closes its connection', () => {
  it('is not carried out', async () => {
    const folder = temporaryFolder();
    const server = await start({ DATA_DIR: folder, LOG_LEVEL: 'error', BCRYPT_COST: '4' });
    const socket = connect({ port: Number(new URL(server.url).port), allowHalfOpen: true });
    const head = (path: string, length: number) =>
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${length}\r\n\r\n`;
    const first = new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(String(data))),
    );
    socket.write(`${head('/nowhere', 10)}12345`);
    expect(await first).toMatch(/^HTTP\/1\.1 404[\s\S]+connection: close/i);
    const body = JSON.stringify({ username: 'smuggled', password: PASSWORD });
    socket.end(`67890${head('/auth/register', body.length)}${body}`);
    await new Promise((resolve) => socket.once('close', resolve));
    // Requests in progress finish before the server ends.
    server.process.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    const file = new Sqlite(join(folder, 'gatehouse.db'));
    onTestFinished(() => void file.close());
    expect(file.prepare('SELECT username FROM users').all()).toEqual([]);
  });
});
