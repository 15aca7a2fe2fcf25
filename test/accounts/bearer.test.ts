import { describe, expect, it } from 'vitest';
import { bearer, expectRefused, listed, patch, remove, sessionOf } from '../support/accounts.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { cookieOf, costOf, EMAIL, expectNobody, login, NO_COST } from '../support/requests.ts';

const headersOf = (token: string) => ({ authorization: `Bearer ${token}` });

/** A program that has signed in, with the token that it was given. */
async function program(app: TestApp, sent: Record<string, unknown> = {}) {
  const answer = await login(app.client(), { token: true, ...sent });
  expect([answer.status, answer.cookies]).toEqual([200, []]);
  const { token, session, user } = answer.json;
  return { client: app.client(headersOf(token)), token, session, user };
}

async function withProgram(store: 'embedded' | 'rest' = 'embedded') {
  const app = await createTestApp({ store });
  const { client: browser } = await app.registered();
  return { app, browser, ...(await program(app)) };
}

/** What frontends and other APIs put into the header. */
const NOT_OURS = [
  'Bearer',
  'Bearer ',
  'Bearer null',
  'Bearer undefined',
  'bearer nonsense',
  `Bearer ${'A'.repeat(150)}`,
  'Bearer a b',
  'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJlLW9mLXNvbWVib2R5LWVsc2U',
  'Bearer sk_live_51ABCdef',
];

const prove = (client: Client, sent = {}) =>
  client.post('/auth/reauthenticate', { json: { password: PASSWORD }, ...sent });

describe('a login with token: true', () => {
  it('puts the token into the body, and sets no cookie', async () => {
    const app = await createTestApp();
    await app.registered();
    const answer = await login(app.client(), { token: true });
    expect(answer.cookies).toEqual([]);
    expect(Object.keys(answer.json).sort()).toEqual(['session', 'token', 'user']);
    expect(answer.json.token).toMatch(/^[\w-]{22}\.[\w-]{43}\.[\w-]{43}\./);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('leaves the session of the cookie that it came with alone', async () => {
    const app = await createTestApp();
    const { client: browser, session } = await app.registered();
    const answer = await login(browser, { token: true });
    expect([answer.status, answer.cookies]).toEqual([200, []]);
    expect(answer.json.session.id).not.toBe(session.id);
    expect(await sessionOf(browser)).toBe(session.id);
    expect(await listed(browser)).toHaveLength(2);
  });

  it('is no different from others when it fails, and shows no token without asking', async () => {
    const app = await createTestApp();
    await app.registered();
    const failed = await login(app.client(), { token: true, password: 'wrong' });
    expectRefused(failed, 401, 'invalid_credentials');
    expect(failed.text).not.toContain('token"');
    const plain = await login(app.client(), { token: false });
    expect([plain.json.token, cookieOf(plain).name]).toEqual([undefined, 'gatehouse']);
    expectRefused(await login(app.client(), { token: 'yes' }), 400, 'invalid_request');
  });

  it('over a bearer session ends that one', async () => {
    const { app, client, token } = await withProgram();
    const again = await login(client, { token: true });
    expect([again.status, again.cookies]).toEqual([200, []]);
    expectNobody(await app.client(headersOf(token)).get('/auth/session'));
  });
});

describe('a bearer token', () => {
  it('works wherever the cookie does, and is never answered with a cookie', async () => {
    const { client, session, user, browser } = await withProgram();
    const answers = [
      await client.get('/auth/session'),
      await client.get('/auth/verify'),
      await client.get('/auth/sessions'),
      await client.get('/'),
      await client.get('/account/sessions'),
      await patch(client, '/auth/user', { name: 'Program' }),
      await patch(client, '/auth/session/data', { a: 1 }),
      await client.get('/auth/session/data'),
      await client.post('/counter'),
    ];
    const statuses = [200, 204, 200, 200, 200, 200, 200, 200, 303];
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    for (const { cookies } of answers) expect(cookies).toEqual([]);
    expect(answers[0]?.json).toEqual({ user, session });
    expect((await client.get('/auth/session/data')).json).toEqual({ a: 1, counter: 1 });
    expect((await remove(client, '/auth/sessions')).json).toEqual({ revoked: 1 });
    expectNobody(await browser.get('/auth/session'));
    expect(await sessionOf(client)).toBe(session.id);
  });

  it('costs one command and no SQL, as a cookie does', async () => {
    const { app, client } = await withProgram('rest');
    await sessionOf(client);
    const cost = await costOf(app, () => client.get('/auth/session'));
    expect(cost).toEqual({ commands: ['MGET'], statements: 0 });
  });

  it.each(['bearer', 'BEARER', 'BeArEr'])('is known by the scheme %s', async (scheme) => {
    const { app, token, session } = await withProgram();
    const client = app.client({ authorization: `${scheme} ${token}` });
    expect(await sessionOf(client)).toBe(session.id);
  });

  it('may be that of a browser, whose cookie it is', async () => {
    const { app, browser } = await withProgram();
    const client = app.client(headersOf(browser.cookie('gatehouse') ?? ''));
    expect(await sessionOf(client)).toBe(await sessionOf(browser));
  });
});

describe('a request with the header', () => {
  it('is that of the bearer, whatever the cookie says', async () => {
    const { app, token, user } = await withProgram();
    const { client: eve } = await app.registered('eve@example.com');
    expect((await eve.get('/auth/session', bearer(token))).json.user.id).toBe(user.id);
  });

  it.each(NOT_OURS)('that is not ours, "%s", goes by its cookie', async (authorization) => {
    const { app, browser } = await withProgram('rest');
    const sent = { headers: { authorization } };
    expect((await browser.get('/auth/session', sent)).json.user?.email).toBe(EMAIL);
    const cross = {
      ...sent.headers,
      'sec-fetch-site': 'cross-site',
      origin: 'https://evil.example',
    };
    for (const path of ['/auth/logout', '/auth/login', '/counter']) {
      const refused = await browser.post(path, { headers: cross });
      expectRefused(refused, 403, 'cross_site_request');
    }
    const proven = await prove(browser, sent);
    expect([proven.status, cookieOf(proven).name]).toEqual([200, 'gatehouse']);
    const answer = await browser.post('/auth/logout', sent);
    expect([answer.status, cookieOf(answer).value]).toEqual([204, '']);
    expectNobody(await app.client().get('/auth/session'));
    expectNobody(await browser.get('/auth/session'));
  });

  it('of a token that is over is nobody, and does not fall back to the cookie', async () => {
    const { client, browser, token } = await withProgram();
    await client.post('/auth/logout');
    const sent = bearer(token);
    expectNobody(await browser.get('/auth/session', sent));
    expectRefused(await browser.get('/auth/sessions', sent), 401, 'not_signed_in');
    expectRefused(await prove(browser, sent), 401, 'not_signed_in');
    expect((await browser.post('/auth/logout', sent)).cookies).toEqual([]);
    expect(await sessionOf(browser)).toBeDefined();
  });

  it('of a forged token is nobody, without a look-up', async () => {
    const { app, browser, token } = await withProgram('rest');
    const forged = bearer(token.replace(/^./, (c: string) => (c === 'A' ? 'B' : 'A')));
    const cost = await costOf(app, async () => {
      expectNobody(await browser.get('/auth/session', forged));
      expectRefused(await browser.get('/auth/sessions', forged), 401, 'not_signed_in');
    });
    expect(cost).toEqual(NO_COST);
  });

  it('of another scheme goes by its cookie', async () => {
    const { browser } = await withProgram();
    const sent = { headers: { authorization: 'Basic YWRhOnB3' } };
    expect((await browser.get('/auth/session', sent)).json.user.email).toBe(EMAIL);
  });

  it('may come from another site, because no browser sends it by itself', async () => {
    const { client, browser } = await withProgram();
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await patch(client, '/auth/user', { name: 'Ada' }, { headers })).status).toBe(200);
    const refused = await patch(browser, '/auth/user', { name: 'Eve' }, { headers });
    expectRefused(refused, 403, 'cross_site_request');
    const basic = { ...headers, authorization: 'Basic YWRhOnB3' };
    const other = await patch(browser, '/auth/user', { name: 'Eve' }, { headers: basic });
    expectRefused(other, 403, 'cross_site_request');
  });

  it('starts no anonymous session by its data: 401, no cookie, nothing stored', async () => {
    const { app, client, token } = await withProgram('rest');
    await client.post('/auth/logout');
    const forged = bearer(token.replace(/^./, (c: string) => (c === 'A' ? 'B' : 'A')));
    for (const sent of [{}, forged]) {
      const refused = await patch(client, '/auth/session/data', { a: 1 }, sent);
      expectRefused(refused, 401, 'not_signed_in');
    }
    const cost = await costOf(app, () =>
      patch(app.client(), '/auth/session/data', { a: 1 }, forged),
    );
    expect(cost).toEqual(NO_COST);
  });
});

describe('what ends or renews a bearer session', () => {
  it('is a logout, without a cookie, and leaves the cookie of the request alone', async () => {
    const { app, browser, token } = await withProgram();
    const answer = await browser.post('/auth/logout', bearer(token));
    expect([answer.status, answer.cookies]).toEqual([204, []]);
    expectNobody(await app.client(headersOf(token)).get('/auth/session'));
    expect(await sessionOf(browser)).toBeDefined();
  });

  it('is its own revocation, without a cookie', async () => {
    const { client, session } = await withProgram();
    const answer = await remove(client, `/auth/sessions/${session.id}`);
    expect([answer.status, answer.cookies]).toEqual([204, []]);
    expectNobody(await client.get('/auth/session'));
  });

  it('is the end of all sessions, without a cookie', async () => {
    const { client, browser } = await withProgram();
    const answer = await remove(client, '/auth/sessions?include=current');
    expect([answer.json, answer.cookies]).toEqual([{ revoked: 2 }, []]);
    expectNobody(await client.get('/auth/session'));
    expectNobody(await browser.get('/auth/session'));
  });

  it('is a reauthentication, whose token is in the body', async () => {
    const { app, client, token, session } = await withProgram();
    const answer = await prove(client);
    expect([answer.status, answer.cookies]).toEqual([200, []]);
    expect(Object.keys(answer.json).sort()).toEqual(['session', 'token']);
    expect(answer.json.session.id).toBe(session.id);
    expect(answer.json.token).not.toBe(token);
    expectRefused(await prove(client), 401, 'not_signed_in');
    expect(await sessionOf(app.client(headersOf(answer.json.token)))).toBe(session.id);
  });
});
