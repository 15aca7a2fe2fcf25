import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../src/time.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import { countUsers, EMAIL, from, login } from '../support/requests.ts';
import { expectHeld } from '../support/tries.ts';

let people = 0;

/** Registers somebody new. */
function register(app: TestApp, address = '192.0.2.1', path = '/auth/register', sent = {}) {
  people += 1;
  const json = { email: `user${people}@example.com`, password: PASSWORD, ...sent };
  return app.client().post(path, { json, ...from(address) });
}

async function expectStatus(app: TestApp, status: number, times: number, address?: string) {
  for (let n = 0; n < times; n += 1) expect((await register(app, address)).status).toBe(status);
}

const TWO = { env: { LIMIT_REGISTER: '2/1h' } };

describe('accounts made from one address', () => {
  it('are as many as the setting says, until its window has ended', async () => {
    const app = await createTestApp(TWO);
    await expectStatus(app, 201, 2);
    expectHeld(await register(app), hours(1));
    expect(await countUsers(app)).toBe(2);
    await app.advance(minutes(59));
    expectHeld(await register(app), minutes(1));
    await app.advance(minutes(1));
    await expectStatus(app, 201, 1);
  });

  it('leave other addresses and logins alone', async () => {
    const app = await createTestApp(TWO);
    await app.registered();
    await expectStatus(app, 201, 1);
    expectHeld(await register(app), hours(1));
    await expectStatus(app, 201, 1, '192.0.2.2');
    expect((await login(app.client())).status).toBe(200);
  });

  it('are counted also where the name is taken, so that nobody asks for many', async () => {
    const app = await createTestApp(TWO);
    await app.registered();
    const taken = { email: EMAIL };
    expect((await register(app, undefined, undefined, taken)).status).toBe(409);
    expectHeld(await register(app, undefined, undefined, taken), hours(1));
  });

  it.each(['//auth/register', '/auth/%72egister', '/auth/register/', '/AUTH/REGISTER'])(
    'are not more by spelling the path as %s',
    async (path) => {
      const app = await createTestApp(TWO);
      await expectStatus(app, 201, 2);
      const { status } = await register(app, undefined, `http://localhost:3000${path}`);
      expect([404, 429]).toContain(status);
      expect(await countUsers(app)).toBe(2);
    },
  );

  it('are counted by the 64 bits of an IPv6 network, whatever a stranger says of it', async () => {
    const app = await createTestApp(TWO);
    await expectStatus(app, 201, 1, '2001:db8:1:2::1');
    await expectStatus(app, 201, 1, '2001:db8:1:2:ffff::1');
    expectHeld(await register(app, '2001:0DB8:1:2:0:0:0:9'), hours(1));
    const headers = { ...from('2001:db8:1:2::1').headers, 'x-forwarded-for': '203.0.113.7' };
    const json = { email: 'forwarded@example.com', password: PASSWORD };
    expect((await app.client().post('/auth/register', { json, headers })).status).toBe(429);
    await expectStatus(app, 201, 1, '2001:db8:1:3::1');
  });

  it('are not more when many are asked for at once', async () => {
    const app = await createTestApp({ env: { LIMIT_REGISTER: '5/1h' } });
    const answers = await Promise.all(Array.from({ length: 30 }, () => register(app)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(5).fill(201), ...Array(25).fill(429)]);
    expect(await countUsers(app)).toBe(5);
  });

  it('are counted where they are asked for by mail, without telling which address is taken', async () => {
    const env = { ...TWO.env, REGISTRATION: 'verified' };
    const app = await createTestApp({ env });
    const ask = (email: string) => app.client().post('/auth/register', { json: { email } });
    for (const email of ['a@example.com', 'b@example.com']) {
      expect((await ask(email)).status).toBe(202);
    }
    for (const email of ['a@example.com', 'c@example.com']) {
      expectHeld(await ask(email), hours(1));
    }
  });

  it('are given back by a fault, and none is made while the store is down', async () => {
    const app = await createTestApp({ store: 'rest', ...TWO });
    app.breakDatabase('status-500');
    await expectStatus(app, 503, 3);
    app.breakDatabase(null);
    await app.breakStore('status-500');
    await expectStatus(app, 503, 1);
    await app.breakStore(null);
    expect(await countUsers(app)).toBe(0);
    await expectStatus(app, 201, 2);
    expectHeld(await register(app), hours(1));
  });

  it('are not counted for what was refused unread', async () => {
    const app = await createTestApp(TWO);
    for (let n = 0; n < 4; n += 1) {
      expect((await register(app, undefined, undefined, { email: 'no email' })).status).toBe(400);
    }
    await expectStatus(app, 201, 2);
  });
});
