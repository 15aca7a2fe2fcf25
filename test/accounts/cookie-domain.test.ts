import { describe, expect, it } from 'vitest';
import { expectRefused, patch, remove, sessionOf } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { cookieOf, login } from '../support/requests.ts';

const HTTPS = { BASE_URL: 'https://auth.example.com', COOKIE_DOMAIN: 'example.com' };
const HTTP = { BASE_URL: 'http://auth.app.localhost:3000', COOKIE_DOMAIN: 'app.localhost' };

describe.each([
  ['https', HTTPS, '__Secure-gatehouse', ['Domain=example.com', 'Secure']],
  ['http on loopback', HTTP, 'gatehouse', ['Domain=app.localhost']],
])('COOKIE_DOMAIN on %s', (_name, env, name, scope) => {
  const attributes = ['HttpOnly', 'Path=/', 'SameSite=Lax', ...scope];
  const cleared = { name, value: '', attributes: [...attributes, 'Max-Age=0'].sort() };
  const set = { name, attributes: [...attributes].sort() };
  const expectSet = (answer: Answer) => expect(cookieOf(answer)).toMatchObject(set);

  it('gives the cookie to the sibling hosts, whatever sets it', async () => {
    const app = await createTestApp({ env });
    const client = app.client();
    const json = { email: 'ada@example.com', password: PASSWORD };
    expectSet(await client.post('/auth/register', { json }));
    expectSet(await login(client));
    expectSet(await client.post('/auth/reauthenticate', { json: { password: PASSWORD } }));
    expect(await sessionOf(client)).toBeDefined();
    expectSet(await app.client().post('/counter'));
    expectSet(await patch(app.client(), '/auth/session/data', { a: 1 }));
  });

  it('takes it from them again, whatever clears it', async () => {
    const app = await createTestApp({ env });
    const { client, session } = await app.registered();
    expect(cookieOf(await remove(client, `/auth/sessions/${session.id}`))).toEqual(cleared);
    await login(client);
    expect(cookieOf(await remove(client, '/auth/sessions?include=current'))).toEqual(cleared);
    await login(client);
    expect(cookieOf(await client.post('/auth/logout'))).toEqual(cleared);
    expect(client.cookie(name)).toBeUndefined();
  });

  it('knows the cookie by this name alone', async () => {
    const app = await createTestApp({ env });
    const { client } = await app.registered();
    const token = client.cookie(name) ?? '';
    for (const other of ['__Host-gatehouse', '__Secure-gatehouse', 'gatehouse']) {
      const headers = { cookie: `${other}=${token}` };
      const { json } = await app.client().get('/auth/session', { headers });
      expect(json.user === null, other).toBe(other !== name);
    }
  });

  it('trusts the pages of a sibling host no more than any other', async () => {
    const { client } = await (await createTestApp({ env })).registered();
    const headers = { origin: env.BASE_URL.replace('auth', 'blog'), 'sec-fetch-site': 'same-site' };
    const answer = await client.post('/auth/logout', { headers });
    expectRefused(answer, 403, 'cross_site_request');
    expect(await sessionOf(client)).toBeDefined();
  });
});

describe('a session without COOKIE_DOMAIN', () => {
  it('keeps to its host', async () => {
    const app = await createTestApp({ env: { BASE_URL: 'https://auth.example.com' } });
    await app.registered();
    const { name, attributes } = cookieOf(await login(app.client()));
    expect(name).toBe('__Host-gatehouse');
    expect(attributes).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
  });
});
