import { describe, expect, it } from 'vitest';
import { seconds } from '../../src/time.ts';
import { PASSWORD } from '../support/app.ts';
import { EMAIL, from, login, otherServer } from '../support/requests.ts';
import { runtime } from '../support/runtime.ts';
import { besieged, counted, expectHeld, failing, guess } from '../support/tries.ts';

describe('the count of an account', () => {
  const NAMES = [
    { email: 'ADA@EXAMPLE.COM' },
    { email: ' \tAda@Example.com ' },
    { username: 'ada' },
    { username: ' ADA ' },
    { email: EMAIL },
  ];

  it('is one for every spelling of its names', async () => {
    const { app } = await counted();
    for (const names of NAMES) await failing(1, app.client, names);
    for (const names of NAMES) expectHeld(await login(app.client(), names), seconds(30));
    const form = { email: 'ada', password: PASSWORD };
    expect((await app.client().post('/auth/login', { form })).status).toBe(429);
  });

  it('is one for every spelling of a name that nobody has', async () => {
    const { app } = await counted();
    for (const email of [
      'bob@example.com',
      'BOB@example.com',
      ' bob@example.com',
      'Bob@Example.COM',
    ])
      await failing(1, app.client, { email });
    await failing(1, app.client, { email: 'bob@EXAMPLE.com' });
    expectHeld(await guess(app.client(), { email: 'bob@example.com' }), seconds(30));
  });

  it.each(['//auth/login', '/auth/%6cogin', '/auth/login/', '/AUTH/login', '/auth/./login?x'])(
    'is not dodged by spelling the path as %s',
    async (path) => {
      const { app } = await besieged();
      const json = { email: EMAIL, password: PASSWORD };
      const url = `http://localhost:3000${path}`;
      const { status, cookies } = await app.client().post(url, { json });
      expect([400, 404, 429]).toContain(status);
      expect(cookies).toEqual([]);
    },
  );

  it('is one for every address and what a stranger says of it', async () => {
    const { app } = await counted();
    const addresses = ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1', '203.0.113.1', '::1'];
    const spoofed = (address: string) => ({
      ...{ 'x-test-address': address, 'x-forwarded-for': `${address}, 10.0.0.1` },
      ...{ 'cf-connecting-ip': address, 'x-real-ip': address, forwarded: `for="${address}"` },
    });
    for (const address of addresses) {
      const answer = await login(
        app.client(),
        { password: 'wrong' },
        { headers: spoofed(address) },
      );
      expect(answer.status).toBe(401);
    }
    expectHeld(await login(app.client(), {}, from('198.51.100.77')), seconds(30));
    const headers = spoofed('198.51.100.78');
    expectHeld(await login(app.client(), {}, { headers }), seconds(30));
  });

  it.each([EMAIL, 'nobody@example.com'])(
    'lets five of 50 at once be looked at: %s',
    async (email) => {
      const { app } = await counted();
      let hashes = 0;
      const bcrypt = (input: string, settings: string) => {
        hashes += 1;
        return runtime.bcrypt(input, settings);
      };
      const browser = otherServer(app, {}, { bcrypt });
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => guess(browser(), { email })),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([...Array(5).fill(401), ...Array(45).fill(429)]);
      expect(hashes).toBe(5);
    },
  );
});
