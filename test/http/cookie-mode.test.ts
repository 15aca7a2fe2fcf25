import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { days } from '../../src/time.ts';
import { expectRefused, patch, remove, sessionOf } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { NEW_PASSWORD } from '../support/mail.ts';
import {
  cookieOf,
  costOf,
  deviceCookieOf,
  EMAIL,
  login,
  NO_COST,
  TRUSTED,
} from '../support/requests.ts';
import { refusalOf } from '../support/settings.ts';

const CROSS_SITE = {
  BASE_URL: 'https://auth.example.net',
  TRUSTED_ORIGINS: TRUSTED,
  COOKIE_MODE: 'cross-site',
};

/** What a browser says of a script on another site. */
const fetched = (origin: string) => ({ origin, 'sec-fetch-site': 'cross-site' });

describe.each([
  ['its host alone', {}, '__Host-gatehouse', []],
  [
    'sibling hosts too',
    { COOKIE_DOMAIN: 'example.net' },
    '__Secure-gatehouse',
    ['Domain=example.net'],
  ],
])('COOKIE_MODE=cross-site, for %s', (_scope, env, name, domain) => {
  const attributes = ['HttpOnly', 'Partitioned', 'Path=/', 'SameSite=None', 'Secure'];
  const set = { name, attributes: [...domain, ...attributes] };
  const cleared = { name, value: '', attributes: [...domain, ...attributes, 'Max-Age=0'].sort() };
  const expectSet = (answer: Answer) => expect(cookieOf(answer)).toMatchObject(set);
  const created = () => createTestApp({ env: { ...CROSS_SITE, ...env } });

  it('marks the cookie for other sites, whatever sets it', async () => {
    const app = await created();
    const client = app.client(fetched(TRUSTED));
    const json = { email: EMAIL, password: PASSWORD };
    expectSet(await client.post('/auth/register', { json }));
    expectSet(await login(client));
    expectSet(await client.post('/auth/reauthenticate', { json: { password: PASSWORD } }));
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expectSet(await client.post('/auth/password', { json: change }));
    expectSet(await patch(app.client(fetched(TRUSTED)), '/auth/session/data', { a: 1 }));
    const remembered = await login(client, { password: NEW_PASSWORD, remember: true });
    expect(cookieOf(remembered).attributes).toEqual(
      [...set.attributes, `Max-Age=${days(30) / 1000}`].sort(),
    );
  });

  it('marks the device cookie so, and keeps it to its host', async () => {
    const app = await created();
    await app.registered();
    expect(deviceCookieOf(await login(app.client()))).toMatchObject({
      name: '__Host-gatehouse-device',
      attributes: [...attributes, `Max-Age=${days(180) / 1000}`].sort(),
    });
  });

  // Browsers keep it apart from a cookie of that name without `Partitioned`.
  it('clears the cookie with the same attributes, whatever clears it', async () => {
    const app = await created();
    const { client, session } = await app.registered();
    expect(cookieOf(await remove(client, `/auth/sessions/${session.id}`))).toEqual(cleared);
    await login(client);
    expect(cookieOf(await remove(client, '/auth/sessions?include=current'))).toEqual(cleared);
    await login(client);
    expect(cookieOf(await client.post('/auth/logout'))).toEqual(cleared);
    await login(client);
    const proof = { json: { password: PASSWORD } };
    expect(cookieOf(await client.request('DELETE', '/auth/user', proof))).toEqual(cleared);
  });
});

describe('a script of another site, with COOKIE_MODE=cross-site', () => {
  const created = () => createTestApp({ store: 'rest', env: CROSS_SITE });

  it('signs in from a trusted origin, and stays so', async () => {
    const app = await created();
    await app.registered();
    const client = app.client(fetched(TRUSTED));
    const answer = await login(client);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(TRUSTED);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    expect(await sessionOf(client)).toBe(answer.json.session.id);
    expect((await client.post('/auth/logout')).status).toBe(204);
  });

  it.each(['https://evil.example', 'null', 'https://app.example.com.evil.example'])(
    'is refused from %s, before anything is read or counted',
    async (origin) => {
      const app = await created();
      const { client } = await app.registered();
      const sent = { headers: fetched(origin) };
      const cost = await costOf(app, async () => {
        const refused = await login(client, {}, sent);
        expectRefused(refused, 403, 'cross_site_request');
        expect(refused.headers.get('access-control-allow-origin')).toBeNull();
        expectRefused(await client.post('/auth/logout', sent), 403, 'cross_site_request');
      });
      expect(cost).toEqual(NO_COST);
      expect(await sessionOf(client)).toBeDefined();
    },
  );

  it('of an origin that is not trusted may read no answer', async () => {
    const { client } = await (await created()).registered();
    const { headers } = await client.get('/auth/session', {
      headers: fetched('https://evil.example'),
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('COOKIE_MODE=cross-site is refused at start', () => {
  const needed = { SESSION_SECRET: 'x'.repeat(32), ...CROSS_SITE };
  const refused = (env: Record<string, string>) =>
    refusalOf(() => parseConfig({ ...needed, ...env }, 'node'));

  it.each(['http://localhost:3000', 'http://auth.app.localhost:3000', 'http://auth.example.net'])(
    'on plain http, where browsers drop such a cookie: %s',
    (url) => {
      const message = refused({ BASE_URL: url, ALLOW_INSECURE: 'true' });
      expect(message).toMatch(/^COOKIE_MODE: .*https BASE_URL.*browsers drop .*Secure/);
    },
  );

  it.each(['', ' , '])('without an origin that may use it: TRUSTED_ORIGINS="%s"', (origins) => {
    const message = refused({ TRUSTED_ORIGINS: origins });
    expect(message).toMatch(/^COOKIE_MODE: .*needs TRUSTED_ORIGINS: .*no other site/);
  });

  it('and not otherwise', () => {
    expect(parseConfig(needed, 'node').cookieMode).toBe('cross-site');
  });
});
