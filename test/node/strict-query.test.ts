import { describe, expect, it } from 'vitest';
import { createTestApp, sql } from '../support/app.ts';

/** Somebody who is signed in, and whom the API lets do everything. */
async function admin() {
  const app = await createTestApp();
  const { client } = await app.registered();
  await app.sql(sql`UPDATE users SET roles = '["user","admin"]', email_verified = 1`);
  return { app, client };
}

describe('a query parameter of the API', () => {
  it.each([
    ['roles=admin', 'roles', 'unknown_parameter'],
    ['Role=admin', 'Role', 'unknown_parameter'],
    ['role[]=admin', 'role[]', 'unknown_parameter'],
    ['role=user&foo', 'foo', 'unknown_parameter'],
    ['=admin', '', 'unknown_parameter'],
    ['role=user&role=user', 'role', 'repeated'],
    ['role=user&%72ole=admin', 'role', 'repeated'],
  ])(
    'of GET /auth/verify is refused where it is not understood: ?%s',
    async (search, path, code) => {
      const { client } = await (await createTestApp()).registered();
      const refused = await client.get(`/auth/verify?${search}`);
      expect([refused.status, refused.json.code]).toEqual([400, 'invalid_request']);
      expect(refused.json.errors).toMatchObject([{ path, code }]);
      expect(refused.headers.get('x-auth-user-id')).toBeNull();
    },
  );

  it('asks for the role also where its name is percent-encoded', async () => {
    const { client } = await (await createTestApp()).registered();
    expect((await client.get('/auth/verify?%72ole=admin')).status).toBe(403);
    expect((await client.get('/auth/verify?%72ole=user')).status).toBe(204);
    expect((await client.get('/auth/verify?')).status).toBe(204);
  });

  it('is refused on every route that does not know it, and changes nothing', async () => {
    const { app, client } = await admin();
    const routes = app.app.routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(auth|admin|health|ready)\b/.test(path))
      .map(({ method, path }) => [method, path.replace(/:\w+/g, 'x')] as const);
    expect(new Set(routes.map(([, path]) => path)).size).toBeGreaterThan(20);
    for (const [method, path] of routes) {
      const refused = await client.request(method, `${path}?unknown=1`);
      expect([method, path, refused.status]).toEqual([method, path, 400]);
      expect(refused.json.errors[0]).toMatchObject({ path: 'unknown', code: 'unknown_parameter' });
    }
    expect((await client.get('/auth/session')).json.user).not.toBeNull();
  });

  it('that is known may have a known value alone', async () => {
    const { client } = await admin();
    for (const include of ['foo', '', 'Current']) {
      const refused = await client.request('DELETE', `/auth/sessions?include=${include}`);
      expect([include, refused.status]).toEqual([include, 400]);
      expect(refused.json.errors).toMatchObject([{ path: 'include', code: 'invalid' }]);
    }
    for (const search of ['query=ada&limit=2', 'limit=2&cursor=']) {
      expect((await client.get(`/admin/users?${search}`)).status).toBe(200);
    }
    expect((await client.request('DELETE', '/auth/sessions?include=current')).status).toBe(200);
  });

  it('is listed ten times at most', async () => {
    const { client } = await admin();
    const search = Array.from({ length: 500 }, (_, i) => `x${i}=1`).join('&');
    expect((await client.get(`/auth/session?${search}`)).json.errors).toHaveLength(10);
  });
});

describe('a query parameter of a page', () => {
  it('that is not known is ignored', async () => {
    const { client } = await admin();
    for (const path of ['/', '/login', '/account', '/forgot', '/docs']) {
      const plain = await client.get(path);
      const tracked = await client.get(`${path}?utm_source=mail&utm_source=x`);
      expect([path, tracked.status]).toEqual([path, plain.status]);
    }
  });
});
