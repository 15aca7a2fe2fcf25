import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { EMAIL, TRUSTED } from '../support/requests.ts';

const APP = 'capacitor://localhost';
const EXTENSION = 'safari-web-extension://5FBA2D1F-0A1B-4C2D-9E3F-001122334455';

const HTTPS = { BASE_URL: 'https://auth.example.com' };

async function hstsOf(env: Record<string, string>) {
  const { headers } = await (await createTestApp({ env })).client().get('/login');
  return headers.get('strict-transport-security');
}

describe('HSTS', () => {
  it.each([
    [{}, 'max-age=63072000; includeSubDomains'],
    [{ HSTS: '730d' }, 'max-age=63072000'],
    [{ HSTS: '30d;includesubdomains' }, 'max-age=2592000; includeSubDomains'],
    [{ HSTS: '0d' }, 'max-age=0'],
    [{ HSTS: 'off' }, null],
    [{ BASE_URL: 'https://localhost:8443' }, null],
    [{ BASE_URL: 'https://localhost:8443', HSTS: '730d; includeSubDomains' }, null],
    [{ BASE_URL: 'http://localhost:3000' }, null],
  ])('with %j is %s', async (env, header) => {
    expect(await hstsOf({ ...HTTPS, ...env })).toBe(header);
  });
});

describe('CORS', () => {
  async function preflight(origin: string, asked: string) {
    const app = await createTestApp({ env: { TRUSTED_ORIGINS: `${TRUSTED},${APP}` } });
    const headers = { origin, 'access-control-request-headers': asked };
    const answer = await app.client().request('OPTIONS', '/auth/login', { headers });
    return answer.headers.get('access-control-allow-headers');
  }

  it('lets trusted frontends send the headers that they ask for', async () => {
    const asked = 'baggage,content-type, traceparent,x-gatehouse-user';
    expect((await preflight(TRUSTED, asked))?.split(',')).toEqual(asked.split(/, */));
    expect(await preflight(APP, 'x-tracing')).toBe('x-tracing');
    expect(await preflight('https://evil.example', 'traceparent')).toBeNull();
  });

  it.each(['', 'a b', 'a,,b', 'x:1', 'a,', '<script>', 'x,'.repeat(600).slice(0, -1)])(
    'sends nothing back that is no list of names, such as %j',
    async (asked) => {
      const allowed = (await preflight(TRUSTED, asked))?.split(',');
      expect(allowed).toEqual(['Content-Type', 'Authorization', 'X-Gatehouse-User']);
    },
  );
});

describe('an app in a web view, or an extension', () => {
  const env = { TRUSTED_ORIGINS: `${TRUSTED}, ${APP}/ , ${EXTENSION}` };

  it.each([APP, EXTENSION])('may call the API when it is trusted: %s', async (origin) => {
    const app = await createTestApp({ env });
    const json = { email: EMAIL, password: PASSWORD };
    const answer = await app.client().post('/auth/register', { json, headers: { origin } });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it.each([
    'capacitor://evil',
    'Capacitor://localhost',
    'ionic://localhost',
    'capacitor://localhost:1',
    'null',
    EXTENSION.toLowerCase(),
  ])('may not when its origin is another one: %s', async (origin) => {
    const app = await createTestApp({ env });
    const answer = await app.client().post('/auth/login', { json: {}, headers: { origin } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  it('is no place to send anybody to', async () => {
    const app = await createTestApp({ env });
    await app.registered();
    const form = { email: EMAIL, password: PASSWORD, returnTo: `${APP}/home` };
    const answer = await app.client().post('/auth/login', { form });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain(`form-action 'self' ${TRUSTED};`);
  });
});

describe('COOKIE_NAME', () => {
  it.each([
    [{ COOKIE_NAME: 'shop' }, 'shop'],
    [{ COOKIE_NAME: 'shop', ...HTTPS }, '__Host-shop'],
    [{ COOKIE_NAME: 'shop', ...HTTPS, COOKIE_DOMAIN: 'example.com' }, '__Secure-shop'],
  ])('is the stem of the names of cookies: %j', async (env, name) => {
    const app = await createTestApp({ env });
    const { client } = await app.registered();
    expect(client.cookie(name)).toBeDefined();
    const answer = await client.post('/auth/login', { json: { email: EMAIL, password: PASSWORD } });
    const names = answer.cookies.map((line) => line.split('=')[0]);
    const device = `${name.replace('__Secure-', '__Host-')}-device`;
    expect(new Set(names)).toEqual(new Set([name, device]));
    expect((await client.get('/auth/session')).json.user.email).toBe(EMAIL);
    expect((await client.get('/openapi.json')).text).toContain(`"${name}"`);
  });
});
