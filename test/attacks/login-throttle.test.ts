import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import {
  EMAIL,
  exhausted,
  expectLimited,
  fail,
  from,
  login,
  right,
  wrong,
} from '../support/requests.ts';

const MINUTE = 60_000;

describe('failed logins of one address', () => {
  it('are tried ten times, then refused', async () => {
    expectLimited(await wrong(await exhausted()));
  });

  it('are refused with the right password too, so that no guess is confirmed', async () => {
    expectLimited(await right(await exhausted()));
  });

  it('are refused for every other account, and for names that nobody can have', async () => {
    const app = await exhausted();
    for (const names of [
      { email: 'bob@example.com' },
      { username: 'bob' },
      { email: 'no email' },
    ]) {
      expectLimited(await wrong(app, undefined, names));
    }
  });

  it('count alike for unknown accounts and for names that nobody can have', async () => {
    const app = await createTestApp();
    await app.registered();
    const names = [{ email: 'bob@example.com' }, { email: 'no email' }, { username: 'b' }];
    for (let i = 0; i < 10; i += 1) {
      expect((await wrong(app, undefined, names[i % 3])).status).toBe(401);
    }
    expectLimited(await right(app));
  });

  it('do not lock the owner out at another address, nor end a live session', async () => {
    const app = await createTestApp();
    const { client: owner } = await app.registered();
    await fail(app, 10, '203.0.113.9');
    expectLimited(await wrong(app, '203.0.113.9'));
    expect((await right(app, '192.0.2.1')).status).toBe(200);
    expect((await owner.get('/auth/session')).json.user.email).toBe(EMAIL);
  });

  it('are tried again when the window has ended, and it is not drawn out by refusals', async () => {
    const app = await exhausted();
    await app.advance(9 * MINUTE);
    const late = await right(app);
    expectLimited(late);
    expect(late.json.retryAfter).toBeLessThanOrEqual(60);
    await app.advance(MINUTE + 1000);
    expect((await right(app)).status).toBe(200);
  });

  it('are given back by a success, one for one', async () => {
    const app = await createTestApp();
    await app.registered();
    for (let i = 0; i < 12; i += 1) expect((await right(app)).status).toBe(200);
  });

  it('are not forgotten by a success, such as one of the attacker to an own account', async () => {
    const app = await createTestApp();
    await app.registered();
    await app.registered('eve@example.com');
    await fail(app, 9);
    const own = await login(app.client(), { email: 'eve@example.com' }, from('192.0.2.1'));
    expect(own.status).toBe(200);
    await fail(app, 1);
    expectLimited(await right(app));
  });

  it('are never more than ten, however many are sent at once', async () => {
    const app = await createTestApp();
    await app.registered();
    const answers = await Promise.all(Array.from({ length: 50 }, () => wrong(app)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(40).fill(429)]);
  });

  it('follow the setting', async () => {
    const app = await createTestApp({ env: { LIMIT_LOGIN_ADDRESS: '2/1m' } });
    await app.registered();
    await fail(app, 2);
    expectLimited(await right(app));
    await app.advance(MINUTE + 1000);
    expect((await right(app)).status).toBe(200);
  });

  it('are not counted for a request that was refused unread', async () => {
    const app = await createTestApp();
    await app.registered();
    for (let i = 0; i < 15; i += 1) {
      await app.client().post('/auth/login', { json: { email: EMAIL } });
      await app.client().post('/auth/login', { headers: { origin: 'null' } });
    }
    expect((await right(app)).status).toBe(200);
  });
});
