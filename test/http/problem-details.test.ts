import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Answer, Client } from '../support/client.ts';
import { EMAIL, fail, login } from '../support/requests.ts';

const CREDENTIALS = { email: EMAIL, password: PASSWORD };

type Ask = (app: TestApp, client: Client) => Promise<Answer>;

/** A request for every refusal that there is a way to. */
const REFUSALS: [status: number, code: string, ask: Ask][] = [
  [400, 'invalid_request', (_, client) => client.post('/auth/login', { json: {} })],
  [401, 'invalid_credentials', (_, client) => login(client, { password: 'wrong' })],
  [401, 'not_signed_in', (app) => app.client().get('/auth/verify')],
  [403, 'forbidden', (_, client) => client.get('/auth/verify?role=admin')],
  [
    403,
    'cross_site_request',
    (_, client) => client.post('/auth/logout', { headers: { origin: 'null' } }),
  ],
  [404, 'not_found', (_, client) => client.get('/nowhere')],
  [405, 'method_not_allowed', (_, client) => client.request('DELETE', '/auth/session')],
  [409, 'email_taken', (_, client) => client.post('/auth/register', { json: CREDENTIALS })],
  [
    409,
    'username_taken',
    async (app, client) => {
      const json = { username: 'grace', password: PASSWORD };
      await app.client().post('/auth/register', { json });
      return client.post('/auth/register', { json });
    },
  ],
  [
    413,
    'body_too_large',
    (_, client) => client.post('/auth/login', { json: { email: 'x'.repeat(20_000) } }),
  ],
  [
    415,
    'unsupported_media_type',
    (_, client) =>
      client.post('/auth/login', { body: 'x', headers: { 'content-type': 'text/plain' } }),
  ],
  [
    429,
    'rate_limited',
    async (app, client) => {
      await fail(app, 10);
      return login(client, { email: 'bob@example.com' });
    },
  ],
  [
    503,
    'unavailable',
    async (app, client) => {
      await app.breakStore('status-500');
      return client.get('/auth/session');
    },
  ],
  [
    503,
    'unavailable',
    async (app, client) => {
      app.breakDatabase('status-500');
      return login(client);
    },
  ],
  [500, 'internal', (_, client) => client.get('/boom')],
  [500, 'internal', (_, client) => client.get('/boom/text')],
];

async function withBoom() {
  const app = await createTestApp({
    store: 'rest',
    routes: (app) => {
      app.get('/boom', () => {
        throw new Error(`a secret: ${PASSWORD}`);
      });
      app.get('/boom/text', () => {
        throw `a secret: ${PASSWORD}`;
      });
    },
  });
  return { app, ...(await app.registered()) };
}

describe('a refusal', () => {
  it.each(REFUSALS)('is problem details: %i %s', async (status, code, ask) => {
    const { app, client } = await withBoom();
    const { json, headers, ...answer } = await ask(app, client);
    expect(answer.status).toBe(status);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(json).toEqual({
      type: 'about:blank',
      title: expect.stringMatching(/^[A-Z].+[^.]$/),
      status,
      code,
      detail: expect.stringMatching(/^[A-Z].+\.$/),
      requestId: headers.get('x-request-id'),
      ...('errors' in json ? { errors: expect.any(Array) } : {}),
      ...('retryAfter' in json ? { retryAfter: expect.any(Number) } : {}),
    });
    expect('errors' in json).toBe(status === 400 || /_taken$/.test(code));
    expect('retryAfter' in json).toBe(status === 429 || status === 503);
    expect(headers.get('retry-after')).toBe(
      json.retryAfter === undefined ? null : `${json.retryAfter}`,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(answer.cookies).toEqual([]);
  });

  it.each(REFUSALS)('tells no secret and nothing of the inside: %i %s', async (_, _code, ask) => {
    const { app, client } = await withBoom();
    const { text } = await ask(app, client);
    for (const inside of [
      PASSWORD,
      '    at ',
      '.ts',
      'sqlite',
      'SELECT',
      'gh:',
      '$bcrypt',
      '127.0.0.1',
    ]) {
      expect(text.toLowerCase()).not.toContain(inside.toLowerCase());
    }
  });

  it('names every field that is wrong, with a code and a sentence', async () => {
    const { client } = await withBoom();
    const json = { email: 'x', username: '!', name: 'a\nb', password: 7, role: 'admin' };
    const { errors } = (await client.post('/auth/register', { json })).json;
    expect(errors.map(({ path }: { path: string }) => path).sort()).toEqual(
      Object.keys(json).sort(),
    );
    for (const error of errors) {
      expect(error).toMatchObject({
        path: expect.any(String),
        code: expect.stringMatching(/^[a-z]+(_[a-z]+)*$/),
        message: expect.stringMatching(/^[A-Z].+\.$/),
      });
    }
  });

  it('is a page for somebody who follows a link, but not under /auth', async () => {
    const { app } = await withBoom();
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const page = await app.client().get('/nowhere', { headers });
    expect([page.status, page.headers.get('content-type')]).toEqual([
      404,
      'text/html; charset=UTF-8',
    ]);
    for (const path of ['/auth/nowhere', '/auth/verify', '/health/x']) {
      const { headers: answered } = await app.client().get(path, { headers });
      expect(answered.get('content-type'), path).toBe('application/problem+json');
    }
  });

  it('is a page for somebody who opens what takes no forms', async () => {
    const { app } = await withBoom();
    const headers = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-mode': 'navigate' };
    const page = await app.client().get('/auth/reauthenticate', { headers });
    expect([page.status, page.headers.get('allow')]).toEqual([405, 'POST']);
    expect(page.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    // What others hand on with the headers of a browser.
    const verified = await app.client().get('/auth/verify', { headers });
    expect(verified.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('X-Request-Id', () => {
  it.each(REFUSALS)('is on %i %s, and never taken from the request', async (_, _code, ask) => {
    const { app, client } = await withBoom();
    const { headers } = await ask(app, client);
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{20,}$/);
  });

  it('is new on every answer, whatever the request says', async () => {
    const { app, client } = await withBoom();
    const headers = { 'x-request-id': 'chosen-by-a-stranger' };
    const ids = [
      await client.get('/', { headers }),
      await client.get('/', { headers }),
      await client.get('/auth/session', { headers }),
      await client.request('HEAD', '/', { headers }),
      await client.request('OPTIONS', '/auth/login', { headers }),
      await client.get('/health', { headers }),
      await login(app.client(), {}, { headers }),
      await client.post('/counter', { headers }),
      await client.post('/auth/logout', { headers }),
      await client.get('/boom', { headers }),
    ].map((answer) => answer.headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(10);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

it("leaves a path that nothing else waits for to a route of somebody's own for every path", async () => {
  const app = await createTestApp({
    routes: (own) => own.get('/*', (c) => c.text(`theirs: ${c.req.path}`)),
  });
  const { client } = await app.registered();
  expect((await client.get('/nowhere')).text).toBe('theirs: /nowhere');
  expect((await client.get('/auth/session')).json.user).not.toBeNull();
});
