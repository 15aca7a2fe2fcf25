import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client, Sent } from '../support/client.ts';
import { costOf, counterOf, EMAIL, NO_COST, TRUSTED } from '../support/requests.ts';

type Headers = Record<string, string>;

const CREDENTIALS = { email: EMAIL, password: PASSWORD };
const PATHS = ['/auth/login', '/auth/register', '/auth/logout', '/counter', '/nowhere'];

/** Every way to send something that a page of another site has. */
const KINDS: Record<string, Sent> = {
  JSON: { json: CREDENTIALS },
  'a form': { form: CREDENTIALS },
  'text/plain': { body: JSON.stringify(CREDENTIALS), headers: { 'content-type': 'text/plain' } },
  'JSON in odd letters': { body: '{}', headers: { 'content-type': 'Application/JSON ; x' } },
  multipart: { body: '--x--', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
  'no content type': { body: new TextEncoder().encode(JSON.stringify(CREDENTIALS)) },
  'no body': {},
  'a body over the limit': { json: { ...CREDENTIALS, name: 'x'.repeat(20_000) } },
};

/** Origins that are neither http://localhost:3000 nor https://app.example.com. */
const STRANGERS = [
  'null',
  'https://evil.example',
  'http://localhost',
  'http://localhost:30000',
  'http://localhost:3001',
  'https://localhost:3000',
  'http://localhost:3000.evil.example',
  'http://localhost:3000@evil.example',
  'http://localhost:3000/',
  'http://evil.localhost:3000',
  'http://127.0.0.1:3000',
  'http://LOCALHOST:3000',
  'HTTP://localhost:3000',
  'http://localhost:3000, https://evil.example',
  'https://evil.example http://localhost:3000',
  'localhost:3000',
  'file://',
  '*',
  'https://example.com',
  'https://api.example.com',
  'https://x.app.example.com',
  'https://app.example.com.evil.example',
  'https://evilapp.example.com',
  'https://app.example.com:8443',
  'https://app.example.com/',
  'https://APP.example.com',
  'http://app.example.com',
];

const FOREIGN: Headers[] = [
  ...STRANGERS.map((origin) => ({ origin })),
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'something-new' },
  { 'sec-fetch-site': 'SAME-ORIGIN' },
  { 'sec-fetch-site': 'cross-site', origin: 'null' },
  { 'sec-fetch-site': 'same-site', origin: 'https://api.example.com' },
  { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  // What a page can choose: neither is a reason to trust it.
  { 'sec-fetch-site': 'cross-site', 'x-requested-with': 'XMLHttpRequest' },
  { origin: 'https://evil.example', referer: 'http://localhost:3000/login' },
  { origin: 'https://evil.example', host: 'evil.example' },
  { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
];

const OWN: Headers[] = [
  {},
  { origin: 'http://localhost:3000' },
  { origin: TRUSTED },
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3000' },
  { 'sec-fetch-site': 'same-site', origin: TRUSTED },
  { 'sec-fetch-site': 'cross-site', origin: TRUSTED },
];

const signedIn = async () => {
  const app = await createTestApp({ store: 'rest', env: { TRUSTED_ORIGINS: TRUSTED } });
  return { app, ...(await app.registered()) };
};

const send = (client: Client, path: string, sent: Sent, headers: Headers, method = 'POST') =>
  client.request(method, path, { ...sent, headers: { ...sent.headers, ...headers } });

describe('a request that a browser sends for another site', () => {
  it.each(Object.keys(KINDS))('is refused before anything is read or counted: %s', async (kind) => {
    const { app, client } = await signedIn();
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    for (const path of PATHS) {
      for (const browser of [client, app.client()]) {
        const cost = await costOf(app, async () => {
          const refused = await send(browser, path, KINDS[kind] ?? {}, foreign);
          expect([refused.status, refused.cookies], path).toEqual([403, []]);
          const isForm = kind === 'a form';
          if (!isForm) expect(refused.json, path).toMatchObject({ code: 'cross_site_request' });
        });
        expect(cost).toEqual(NO_COST);
      }
    }
    expect((await client.get('/auth/session')).json.user.email).toBe(EMAIL);
  });

  it.each(FOREIGN)('is refused with %j', async (headers) => {
    const { app, client } = await signedIn();
    const cost = await costOf(app, async () => {
      for (const path of PATHS) {
        for (const kind of ['JSON', 'no body', 'text/plain']) {
          const refused = await send(client, path, KINDS[kind] ?? {}, headers);
          expect([refused.status, refused.json?.code]).toEqual([403, 'cross_site_request']);
        }
      }
    });
    expect(cost).toEqual(NO_COST);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is refused as %s, on any path', async (method) => {
    const { client } = await signedIn();
    for (const path of ['/', '/auth/session', '/auth/login', '/health', '/nowhere']) {
      const refused = await send(client, path, {}, { origin: 'null' }, method);
      expect([refused.status, refused.json?.code], path).toEqual([403, 'cross_site_request']);
    }
  });

  it('neither signs the victim out nor in to an account of the attacker', async () => {
    const { app, client, user } = await signedIn();
    await app.registered('eve@example.com');
    const form = { email: 'eve@example.com', password: PASSWORD };
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    await client.post('/auth/logout', { form: {}, headers });
    await client.post('/auth/login', { form, headers });
    await client.post('/auth/register', { form: { ...form, email: 'x@example.com' }, headers });
    await client.post('/counter', { form: {}, headers });
    expect((await client.get('/auth/session')).json.user.id).toBe(user.id);
    expect(await counterOf(client)).toBe(0);
  });

  it('may read pages by following a link', async () => {
    const { client } = await signedIn();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await client.get('/', { headers })).status).toBe(200);
  });
});

describe('a request of our own pages, of a trusted frontend or of no browser', () => {
  it.each(OWN)('passes with %j', async (headers) => {
    const { app } = await signedIn();
    const client = app.client();
    expect((await send(client, '/counter', {}, headers)).status).toBe(303);
    for (const kind of ['JSON', 'a form']) {
      const answer = await send(client, '/auth/login', KINDS[kind] ?? {}, headers);
      expect(answer.status).toBe(kind === 'JSON' ? 200 : 303);
    }
    expect((await send(client, '/auth/logout', {}, headers)).status).toBe(204);
  });

  it('passes over https with that origin, and not with the one of plain http', async () => {
    const app = await createTestApp({ env: { BASE_URL: 'https://auth.example.com' } });
    const logout = (origin: string) => app.client().post('/auth/logout', { headers: { origin } });
    expect((await logout('https://auth.example.com')).status).toBe(204);
    for (const origin of ['http://auth.example.com', 'https://example.com', TRUSTED]) {
      expect((await logout(origin)).status, origin).toBe(403);
    }
  });
});
