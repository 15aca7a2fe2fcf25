import { describe, expect, it } from 'vitest';
import type { AppContext } from '../../src/http/env.ts';
import { createTestApp, PASSWORD, type TestApp, type TestAppOptions } from '../support/app.ts';
import type { Answer, Client } from '../support/client.ts';
import { EMAIL, fail, login, TRUSTED } from '../support/requests.ts';

const CREDENTIALS = { email: EMAIL, password: PASSWORD };
const BIG = { json: { email: 'x'.repeat(20_000) } };
const PLAIN = { body: 'x', headers: { 'content-type': 'text/plain' } };
const FOREIGN = { 'sec-fetch-site': 'cross-site' };

type Ask = (client: Client, app: TestApp) => Promise<Answer>;

/** A request for every kind of answer. */
const ANSWERS: Record<string, Ask> = {
  '200 page': (client) => client.get('/account'),
  '200 JSON': (client) => client.get('/auth/session'),
  '200 health': (client) => client.get('/health'),
  '200 that a handler made by itself': (client) => client.get('/own'),
  '200 stylesheet': async (client) => client.get(await stylesheet(client)),
  '201': (client) =>
    client.post('/auth/register', { json: { ...CREDENTIALS, email: 'new@example.com' } }),
  '204': (client) => client.get('/auth/verify'),
  '204 logout': (client) => client.post('/auth/logout'),
  '204 preflight': (client) =>
    client.request('OPTIONS', '/auth/login', { headers: { origin: TRUSTED } }),
  '303': (client) => client.post('/auth/login', { form: CREDENTIALS }),
  '303 page': (client) => client.get('/login'),
  '400': (client) => client.post('/auth/login', { json: {} }),
  '400 form': (client) => client.post('/auth/login', { form: {} }),
  '401': (client) => login(client, { password: 'wrong' }),
  '403 role': (client) => client.get('/auth/verify?role=admin'),
  '403 cross-site': (client) => client.post('/auth/logout', { headers: FOREIGN }),
  '404': (client) => client.get('/nowhere'),
  '404 page': (client) => client.get('/nowhere', { headers: { accept: 'text/html' } }),
  '405': (client) => client.get('/auth/login'),
  '409': (client) => client.post('/auth/register', { json: CREDENTIALS }),
  '413': (client) => client.post('/auth/login', BIG),
  '415': (client) => client.post('/auth/login', PLAIN),
  '429': async (client, app) => {
    await fail(app, 10);
    return login(client, { email: 'bob@example.com' });
  },
  '500': (client) => client.get('/boom'),
  '500 for what is no Error': (client) => client.get('/boom/text'),
  '503': async (client, app) => {
    await app.breakStore('status-500');
    return client.get('/auth/session');
  },
};

async function stylesheet(client: Client) {
  const { text } = await client.get('/logout');
  return /<link rel="stylesheet" href="([^"]+)"/.exec(text)?.[1] ?? '';
}

async function ask(name: string, env: Record<string, string> = {}) {
  const app = await createTestApp({
    store: 'rest',
    env: { TRUSTED_ORIGINS: TRUSTED, ...env },
    routes: (app) => {
      app.get('/boom', () => {
        throw new Error('broken');
      });
      app.get('/boom/text', () => {
        throw 'broken';
      });
      app.get('/own', () => new Response('', { headers: { 'X-Content-Type-Options': 'nosniff' } }));
    },
  });
  const { client } = await app.registered();
  const answer = await ANSWERS[name]?.(client, app);
  expect(answer?.status).toBe(Number(name.slice(0, 3)));
  return answer?.headers ?? new Headers();
}

function directives(headers: Headers) {
  const policy = headers.get('content-security-policy') ?? '';
  return Object.fromEntries(
    policy.split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
}

describe.each(Object.keys(ANSWERS))('an answer: %s', (name) => {
  it('tells browsers to run nothing but our own script and to be framed by nobody', async () => {
    const headers = await ask(name);
    expect(directives(headers)).toEqual({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'"],
      'form-action': ["'self'", TRUSTED],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
    });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('tells browsers to stay on https for two years, where https is the address', async () => {
    const headers = await ask(name, { BASE_URL: 'https://auth.example.com' });
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
  });

  it('is kept by no cache, unless it is the same for everybody', async () => {
    const cached = (await ask(name)).get('cache-control');
    const shared = ['200 health', '200 stylesheet', '204 preflight'];
    if (!shared.includes(name)) expect(cached).toBe('no-store');
    if (name === '200 stylesheet') expect(cached).toBe('public, max-age=31536000, immutable');
  });
});

describe('a header that a handler names itself', () => {
  const OWN = { 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'private, max-age=60' };

  it.each([
    ['as it answers', (c: AppContext) => c.json({}, 200, OWN)],
    ['on an answer of its own', () => new Response('{}', { headers: OWN })],
  ])('stands once, and as it says: %s', async (_, handler) => {
    const app = await createTestApp({ routes: (routes) => routes.get('/own', handler as never) });
    const { headers } = await (await app.registered()).client.get('/own');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('private, max-age=60');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is spared on an answer whose headers can not be changed, such as one of another server', async () => {
    const away = 'https://elsewhere.example/';
    const handler = () => Response.redirect(away, 303);
    const app = await createTestApp({ routes: (routes) => routes.get('/own', handler as never) });
    const { status, headers } = await (await app.registered()).client.get('/own');
    expect(status).toBe(303);
    expect(headers.get('location')).toBe(away);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('is put together where others have a part in it', async () => {
    const routes: TestAppOptions['routes'] = (app) =>
      app.get('/own', (c) => c.json({}, 200, { Vary: 'X-Theme' }));
    const app = await createTestApp({ env: { TRUSTED_ORIGINS: TRUSTED }, routes });
    const { headers } = await (await app.registered()).client.get('/own');
    expect(headers.get('vary')?.split(', ').sort()).toEqual(['Origin', 'X-Theme']);
  });
});

describe('the content security policy', () => {
  it('lets forms go nowhere else while no origin is trusted', async () => {
    const { headers } = await (await createTestApp()).client().get('/login');
    expect(directives(headers)['form-action']).toEqual(["'self'"]);
  });

  it('forbids nothing that the pages need: no inline script or style, no other host', async () => {
    const client = (await createTestApp()).client();
    for (const path of ['/', '/login', '/register', '/logout', '/nowhere']) {
      const { text } = await client.get(path, { headers: { accept: 'text/html' } });
      expect(text, path).toMatch(/^<!DOCTYPE html>/);
      expect(text, path).not.toMatch(
        /<script(?! src="\/assets\/[^"]+" defer=""><\/script>)|<style|<iframe|<img| style=| on[a-z]+=|https?:/i,
      );
      for (const [, action] of text.matchAll(/action="([^"]*)"/g)) expect(action).toMatch(/^\/\w/);
    }
    const css = await client.get(await stylesheet(client));
    expect(css.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(css.text).not.toMatch(/url\(|@import/);
  });
});
