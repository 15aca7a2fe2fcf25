import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { createTestApp } from '../support/app.ts';
import { operationsOf, served } from '../support/openapi.ts';
import { costOf, NO_COST } from '../support/requests.ts';

describe('GET /openapi.json', () => {
  it('answers everybody, touches nothing, and may be kept for a while', async () => {
    const app = await createTestApp({ store: 'rest' });
    const cost = await costOf(app, async () => {
      const { status, headers, cookies } = await app.client().get('/openapi.json');
      expect([status, cookies]).toEqual([200, []]);
      expect(headers.get('content-type')).toBe('application/json');
      expect(headers.get('cache-control')).toBe('public, max-age=300');
    });
    expect(cost).toEqual(NO_COST);
  });

  it('tells of every route of the API, and of nothing else', async () => {
    const { app, document } = await served();
    const registered = app.app.routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(auth|admin|health|ready)/.test(path))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const told = Object.keys(operationsOf(document));
    expect(told.sort()).toEqual([...new Set(registered)].sort());
  });

  it('says which version it is of, and that the API is where the document came from', async () => {
    const { document } = await served({ env: { BASE_URL: 'https://auth.example.com' } });
    expect(document.info.version).toBe(packageJson.version);
    expect(document.info.contact.url).toBe('https://auth.example.com');
    expect(document.servers).toMatchObject([{ url: '/' }]);
  });

  it.each([
    ['gatehouse', {}],
    ['__Host-gatehouse', { BASE_URL: 'https://auth.example.com' }],
    ['__Secure-gatehouse', { BASE_URL: 'https://auth.example.com', COOKIE_DOMAIN: 'example.com' }],
  ])('names the cookie as it is sent: %s', async (name, env) => {
    const { app, document } = await served({ env });
    const { cookie } = document.components.securitySchemes;
    expect(cookie).toMatchObject({ type: 'apiKey', in: 'cookie', name });
    const { client } = await app.registered();
    expect(client.cookie(name)).toBeDefined();
  });

  it.each([
    ['open', ['201'], ['email', 'username', 'name', 'password']],
    ['verified', ['202'], ['email', 'name']],
  ])('describes registration as it is: %s', async (REGISTRATION, done, fields) => {
    const { document } = await served({ env: { REGISTRATION } });
    const { requestBody, responses } = document.paths['/auth/register'].post;
    expect(Object.keys(responses).filter((status) => status < '400')).toEqual(done);
    const { schema } = requestBody.content['application/json'];
    const { properties } = schema.oneOf?.[0] ?? schema;
    expect(Object.keys(properties)).toEqual(fields);
  });

  it('leaves out registration where it is closed', async () => {
    const { app, document } = await served({ env: { REGISTRATION: 'closed' } });
    expect(document.paths).not.toHaveProperty(['/auth/register']);
    expect(document.info.description).toContain('Registration is closed');
    const { status, json } = await app.client().post('/auth/register', { json: {} });
    expect([status, json.code]).toEqual([403, 'registration_closed']);
  });

  it('gives every operation a name of its own', async () => {
    const { document } = await served();
    const names = Object.values(operationsOf(document)).map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]+$/);
    expect(names).toEqual(expect.arrayContaining(['register', 'login', 'logout', 'getSession']));
  });
});
