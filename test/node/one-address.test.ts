import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { hours, minutes, seconds } from '../../src/time.ts';
import { remove } from '../support/accounts.ts';
import { createTestApp, PASSWORD, PUBLIC_LIMITS } from '../support/app.ts';
import { NEW_PASSWORD } from '../support/mail.ts';
import { expectLimited, fail, right, wrong } from '../support/requests.ts';
import { expectHeld, failing, guess } from '../support/tries.ts';

describe('people behind one address', () => {
  it('register, thirty within five minutes; a script that goes on is refused after sixty', async () => {
    const app = await createTestApp();
    const register = (n: number) =>
      app.client().post('/auth/register', {
        json: { email: `user${n}@example.com`, password: PASSWORD },
      });
    for (let n = 0; n < 30; n += 1) {
      expect((await register(n)).status).toBe(201);
      await app.advance(seconds(10));
    }
    for (let n = 30; n < 60; n += 1) expect((await register(n)).status).toBe(201);
    expectHeld(await register(60), hours(1) - minutes(5));
  });

  it('do not keep each other from what a live session asks a password for', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await fail(app, 10);
    expectLimited(await right(app));
    const proof = { json: { password: PASSWORD } };
    expect((await client.post('/auth/reauthenticate', proof)).status).toBe(200);
    const json = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await client.post('/auth/password', { json })).status).toBe(204);
    expect((await remove(client, '/auth/user', { json: { password: NEW_PASSWORD } })).status).toBe(
      204,
    );
  });
});

describe('failed logins of an IPv6 customer', () => {
  it('are counted for the /56 at four times, and for the /48 at sixteen times the limit', async () => {
    const app = await createTestApp({ env: { LIMIT_LOGIN_ADDRESS: '2/10m' } });
    await app.registered();
    // Sixteen networks of 64 bits in each of the four of 56 bits.
    const network = (fifth: number, sixth: number) => `2001:db8:1:${fifth}0${sixth}::1`;
    for (const fifth of [1, 2, 3, 4]) {
      for (const sixth of [1, 2, 3, 4]) await fail(app, 2, network(fifth, sixth));
      // A network that is refused uses up nothing of the wider ones.
      for (let n = 0; n < 3; n += 1) expectLimited(await wrong(app, network(fifth, 1)));
      expectLimited(await wrong(app, network(fifth, 5)));
    }
    expect((await wrong(app, network(5, 1))).status).toBe(429);
    expect((await right(app, '2001:db8:2::1')).status).toBe(200);
  });
});

describe('counts of failed logins', () => {
  it('are no fewer for logins that were under way when their window ended', async () => {
    const app = await createTestApp({ env: { LIMIT_LOGIN_ADDRESS: '3/10m' } });
    await app.registered();
    const underWay: (() => Promise<void>)[] = [];
    for (let n = 0; n < 3; n += 1) {
      const held = app.redis.hold('countTry', 'after');
      const answer = right(app);
      await held.arrived;
      underWay.push(async () => {
        held.release();
        expect((await answer).status).toBe(200);
      });
    }
    await app.advance(minutes(10));
    await fail(app, 3);
    for (const finish of underWay) await finish();
    expectLimited(await wrong(app));
  });

  it('of names that nobody has outlive the longest delay, and are not kept for a month', async () => {
    const app = await createTestApp({ env: { LIMIT_LOGIN_ADDRESS: '1000/10m' } });
    await app.registered();
    const email = 'nobody@example.com';
    for (const sent of [{ email }, {}]) await failing(5, app.client, sent);
    await app.advance(hours(2));
    await failing(5, app.client, { email });
    await failing(1, app.client);
    expectHeld(await guess(app.client()), minutes(1));
  });
});

describe('on the machine of a developer', () => {
  it('addresses have a hundred times the limit, and a refusal names the setting', async () => {
    const limits = (env: Record<string, string>) => parseConfig(env, 'node').limits;
    const [local, there] = [limits({}), limits({ BASE_URL: 'https://auth.example.com' })];
    expect(limits({ ...PUBLIC_LIMITS })).toEqual(there);
    for (const rate of [
      'loginAddress',
      'register',
      'anonymous',
      'forgotAddress',
      'token',
    ] as const) {
      expect(local[rate]).toEqual({ ...there[rate], count: there[rate].count * 100 });
    }
    expect(local.loginAccount).toEqual({ ...there.loginAccount, longest: minutes(1) });

    const app = await createTestApp({ env: { LIMIT_LOGIN_ADDRESS: '1/10m' } });
    await wrong(app);
    expect((await wrong(app)).json.detail).toContain('LIMIT_LOGIN_ADDRESS');
    const form = { email: 'ada@example.com', password: 'wrong' };
    const headers = { 'accept-language': 'de' };
    const page = await app.client().post('/auth/login', { form, headers });
    expect(page.text).toContain('Diese Grenze setzt LIMIT_LOGIN_ADDRESS.');
  });

  it('only: nobody else learns the settings', async () => {
    const BASE_URL = 'https://auth.example.com';
    const app = await createTestApp({ env: { BASE_URL, LIMIT_LOGIN_ADDRESS: '1/10m' } });
    await wrong(app);
    const refused = await wrong(app);
    expect([refused.status, refused.text]).toEqual([429, expect.not.stringContaining('LIMIT')]);
  });
});
