import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import {
  EMAIL,
  exhausted,
  expectLimited,
  fail,
  from,
  login,
  otherServer,
  right,
  wrong,
} from '../support/requests.ts';

describe('the count of failed logins', () => {
  const SPELLINGS = [
    '//auth/login',
    '/auth//login',
    '/auth/login/',
    '/auth/%6Cogin',
    '/%61uth/login',
  ];
  const OTHERS = [
    '/auth/./login',
    '/x/../auth/login',
    '/AUTH/LOGIN',
    '/auth/login?x=1',
    '/auth/login#x',
  ];

  it.each([...SPELLINGS, ...OTHERS])('is not dodged by spelling the path as %s', async (path) => {
    const app = await exhausted();
    const sent = { json: { email: EMAIL, password: PASSWORD } };
    const { status } = await app.client().post(`http://localhost:3000${path}`, sent);
    expect([400, 404, 429]).toContain(status);
  });

  it('goes on through other spellings of the path, the email and the body', async () => {
    const app = await createTestApp();
    await app.registered();
    await fail(app, 5);
    const emails = ['ADA@EXAMPLE.COM', ' Ada@Example.com', 'bob@example.com', 'ada', 'no email'];
    for (const email of emails) {
      const form = { email, password: 'wrong' };
      expect((await app.client().post('/auth/%6Cogin', { form })).status).toBe(401);
    }
    expectLimited(await wrong(app, undefined, { email: ' Ada@Example.com ' }));
    const form = { email: EMAIL, password: PASSWORD };
    expect((await app.client().post('/auth/login', { form })).status).toBe(429);
  });

  it.each([
    ['the host part', '2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['another spelling', '2001:db8:1:2::1', '2001:0DB8:0001:0002:0:0:0:9'],
    ['zeros in the middle', '2001:db8::5', '2001:db8:0:0:1::5'],
    ['IPv4 inside of IPv6', '192.0.2.7', '::ffff:192.0.2.7'],
    ['IPv4 inside of IPv6 in capitals', '::FFFF:192.0.2.7', '192.0.2.7'],
  ])('is not dodged by %s of an address', async (_name, first, second) => {
    expectLimited(await right(await exhausted(first), second));
  });

  it('is one for a whole IPv6 network of 64 bits', async () => {
    const app = await createTestApp();
    await app.registered();
    for (let i = 1; i <= 10; i += 1) {
      expect((await wrong(app, `2001:db8:1:2:${i}::${i}`)).status).toBe(401);
    }
    expectLimited(await right(app, '2001:db8:1:2::abcd'));
    expect((await right(app, '2001:db8:1:3::1')).status).toBe(200);
    expect((await right(app, '2001:db8:2:2::1')).status).toBe(200);
  });

  it.each([
    ['192.0.2.1', '192.0.2.2'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2'],
    ['2001:db8:1:2::1', '192.0.2.1'],
  ])('is one for %s and another for %s', async (first, second) => {
    expect((await right(await exhausted(first), second)).status).toBe(200);
  });

  it('is one for all whose address is not known', async () => {
    const app = await createTestApp();
    await app.registered();
    const browser = otherServer(app, {});
    for (let i = 0; i < 10; i += 1) {
      // Each at an account of its own, so that only the address is counted.
      const sent = { email: `nobody${i}@example.com`, password: 'wrong' };
      expect((await login(browser(), sent, from(`192.0.2.${i}`))).status).toBe(401);
    }
    expectLimited(await login(browser()));
    expect((await right(app)).status).toBe(200);
  });

  it('fails closed: no password is checked while the store does not answer', async () => {
    const app = await createTestApp({ store: 'rest' });
    await app.registered();
    await app.breakStore('status-500');
    app.statements();
    for (const answer of [await right(app), await wrong(app)]) {
      expect([answer.status, answer.json.code, answer.cookies]).toEqual([503, 'unavailable', []]);
    }
    expect(app.statements()).toBe(0);
  });
});
