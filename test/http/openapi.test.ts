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

  it('says which version and which address it is of', async () => {
    const { document } = await served({ env: { BASE_URL: 'https://auth.example.com' } });
    expect(document.info.version).toBe(packageJson.version);
    expect(document.servers).toEqual([{ url: 'https://auth.example.com' }]);
  });

  it.each([
    ['gatehouse', {}],
    ['__Host-gatehouse', { BASE_URL: 'https://auth.example.com' }],
    ['__Secure-gatehouse', { BASE_URL: 'https://auth.example.com', COOKIE_DOMAIN: 'example.com' }],
  ])('names the cookie as it is sent: %s', async (name, env) => {
    const { app, document } = await served({ env });
    const { cookie } = document.components.securitySchemes;
    expect(cookie).toEqual({ type: 'apiKey', in: 'cookie', name });
    const { client } = await app.registered();
    expect(client.cookie(name)).toBeDefined();
  });

  it.each([
    ['open', ['201', '303'], ['email', 'username', 'name', 'password']],
    ['verified', ['202', '303'], ['email', 'name']],
    ['closed', [], undefined],
  ])('tells of registration as it is: %s', async (REGISTRATION, done, fields) => {
    const { document } = await served({ env: { REGISTRATION } });
    const { requestBody, responses } = document.paths['/auth/register'].post;
    expect(Object.keys(responses).filter((status) => status < '400')).toEqual(done);
    const schema = requestBody?.content['application/json'].schema;
    expect(schema && Object.keys(schema.properties)).toEqual(fields);
    expect(responses['403'].description.includes('registration_closed')).toBe(!fields);
  });

  it('gives every operation a name of its own', async () => {
    const { document } = await served();
    const names = Object.values(operationsOf(document)).map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]+$/);
  });
});
