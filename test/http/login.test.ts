import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { cookieOf, EMAIL, login } from '../support/requests.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

async function withAda(env: Record<string, string> = {}) {
  const app = await createTestApp({ env });
  const json = { email: EMAIL, username: 'ada', password: PASSWORD };
  const { user } = (await app.client().post('/auth/register', { json })).json;
  return { app, user };
}

describe('POST /auth/login', () => {
  it.each([{ email: EMAIL }, { username: 'ada' }])(
    'answers 200 with the user and the session: %j',
    async (names) => {
      const { app, user } = await withAda();
      const client = app.client();
      const { status, json } = await login(client, names, { headers: { 'user-agent': 'Test/1' } });
      expect(status).toBe(200);
      expect(Object.keys(json).sort()).toEqual(['session', 'user']);
      expect(json.user).toEqual(user);
      expect(json.session).toMatchObject({
        current: true,
        methods: ['password'],
        ip: '192.0.2.1',
        userAgent: 'Test/1',
      });
      expect((await client.get('/auth/session')).json).toEqual(json);
    },
  );

  it.each([
    [{}, 'email', 'required'],
    [{ password: PASSWORD }, 'email', 'required'],
    [{ email: EMAIL }, 'password', 'required'],
    [{ email: EMAIL, username: 'ada', password: PASSWORD }, 'email', 'required'],
  ])('asks for exactly one name and a password: %j', async (json, path, code) => {
    const { app } = await withAda();
    const refused = await app.client().post('/auth/login', { json });
    expect([refused.status, refused.json.code]).toEqual([400, 'invalid_request']);
    expect(refused.json.errors).toContainEqual(expect.objectContaining({ path, code }));
    expect(refused.cookies).toEqual([]);
  });

  it('compares composed and decomposed passwords alike', async () => {
    const app = await createTestApp();
    const json = { email: EMAIL, password: 'caf\u00e9 caf\u00e9 caf\u00e9' };
    await app.client().post('/auth/register', { json });
    expect((await login(app.client(), { password: json.password.normalize('NFD') })).status).toBe(
      200,
    );
  });

  it('keeps no more than the beginning of a long user agent', async () => {
    const { app } = await withAda();
    const headers = { 'user-agent': 'x'.repeat(5000) };
    const { json } = await login(app.client(), {}, { headers });
    expect(json.session.userAgent.length).toBeLessThanOrEqual(512);
  });
});

describe('the session cookie', () => {
  const PLAIN = ['HttpOnly', 'Path=/', 'SameSite=Lax'];
  const HTTPS = { BASE_URL: 'https://auth.example.com' };

  it('is called gatehouse over plain http on loopback, without Secure', async () => {
    const { app } = await withAda();
    const { name, value, attributes } = cookieOf(await login(app.client()));
    expect([name, attributes]).toEqual(['gatehouse', PLAIN]);
    expect(value).toMatch(/^[\w.-]{100,}$/);
  });

  it('is called __Host-gatehouse over https, with Secure and without Domain', async () => {
    const { app } = await withAda(HTTPS);
    const { name, attributes } = cookieOf(await login(app.client()));
    expect([name, attributes]).toEqual(['__Host-gatehouse', [...PLAIN, 'Secure']]);
  });

  it('signs in over https', async () => {
    const { app, user } = await withAda(HTTPS);
    const client = app.client();
    await login(client);
    expect((await client.get('/auth/session')).json.user).toEqual(user);
  });

  it.each([
    [{ remember: true }, ['HttpOnly', 'Max-Age=2592000', 'Path=/', 'SameSite=Lax']],
    [{ remember: false }, PLAIN],
    [{}, PLAIN],
  ])('stays for the absolute lifetime only when asked to: %j', async (sent, attributes) => {
    const { app } = await withAda();
    expect(cookieOf(await login(app.client(), sent)).attributes).toEqual(attributes);
  });

  it('stays as long as REMEMBER_LIFETIME says', async () => {
    const { app } = await withAda({ REMEMBER_LIFETIME: '7d' });
    const { attributes } = cookieOf(await login(app.client(), { remember: true }));
    expect(attributes).toContain('Max-Age=604800');
  });

  it('is not sent again by what comes after the login', async () => {
    const { app } = await withAda();
    const client = app.client();
    await login(client, { remember: true });
    await app.advance(3 * DAY);
    for (const path of ['/auth/session', '/auth/verify', '/', '/nowhere']) {
      expect((await client.get(path)).cookies, path).toEqual([]);
    }
    expect((await client.post('/counter')).cookies).toEqual([]);
  });
});

describe('the times of a session', () => {
  it.each([
    [{}, HOUR, DAY],
    [{ remember: true }, 14 * DAY, 30 * DAY],
  ])('are those of the login: %j', async (sent, idle, absolute) => {
    const { app } = await withAda();
    const { session } = (await login(app.client(), sent)).json;
    const at = (name: string) => Date.parse(session[name]);
    expect(at('expiresAt') - at('createdAt')).toBe(idle);
    expect(at('absoluteExpiresAt') - at('createdAt')).toBe(absolute);
    expect(at('authenticatedAt')).toBe(at('createdAt'));
    expect(at('lastSeenAt')).toBe(at('createdAt'));
    expect(Math.abs(at('createdAt') - app.clock.now())).toBeLessThan(5000);
  });
});
