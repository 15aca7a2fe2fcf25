import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { cookieOf, countUsers } from '../support/requests.ts';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

async function register(json: unknown, env: Record<string, string> = {}) {
  const app = await createTestApp({ env });
  const client = app.client();
  const answer = await client.post('/auth/register', { json });
  return { app, client, ...answer };
}

describe('POST /auth/register', () => {
  it('answers 201 with the user and the session, signed in', async () => {
    const { client, status, json, headers } = await register({
      email: 'ada@example.com',
      username: 'ada',
      name: ' Ada Lovelace ',
      password: PASSWORD,
    });
    expect(status).toBe(201);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(json.user).toEqual({
      id: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      email: 'ada@example.com',
      username: 'ada',
      name: 'Ada Lovelace',
      roles: ['user'],
      emailVerified: false,
      createdAt: expect.stringMatching(ISO),
    });
    expect(json.session).toEqual({
      id: expect.stringMatching(/^[\w-]{22}$/),
      current: true,
      createdAt: expect.stringMatching(ISO),
      lastSeenAt: json.session.createdAt,
      authenticatedAt: json.session.createdAt,
      expiresAt: expect.stringMatching(ISO),
      absoluteExpiresAt: expect.stringMatching(ISO),
      methods: ['password'],
      ip: '192.0.2.1',
      userAgent: null,
    });
    expect((await client.get('/auth/session')).json).toEqual(json);
  });

  it.each([
    [{ email: 'ada@example.com' }, { email: 'ada@example.com', username: null, name: null }],
    [{ username: 'Ada.L-1_x' }, { email: null, username: 'ada.l-1_x', name: null }],
    [
      { username: 'ad', name: '' },
      { email: null, username: 'ad', name: null },
    ],
  ])('takes one name or both: %j', async (names, user) => {
    const { status, json } = await register({ ...names, password: PASSWORD });
    expect(status).toBe(201);
    expect(json.user).toMatchObject(user);
  });

  it('sets one cookie that goes with the browser', async () => {
    const answer = await register({ username: 'ada', password: PASSWORD });
    expect(cookieOf(answer).attributes).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax']);
  });

  it.each([
    ['email', 'required', { password: PASSWORD }],
    ['password', 'required', { email: 'ada@example.com' }],
    ['email', 'invalid_email', { email: 'ada', password: PASSWORD }],
    ['email', 'invalid_email', { email: '', password: PASSWORD }],
    ['email', 'invalid_email', { email: 'ada@localhost', password: PASSWORD }],
    ['email', 'invalid_email', { email: 'ada@127.0.0.1', password: PASSWORD }],
    ['email', 'invalid_email', { email: '@example.com', password: PASSWORD }],
    ['email', 'invalid_email', { email: '.ada@example.com', password: PASSWORD }],
    ['email', 'invalid_email', { email: `${'a'.repeat(65)}@example.com`, password: PASSWORD }],
    ['email', 'invalid_email', { email: `a@${'b.'.repeat(126)}example`, password: PASSWORD }],
    ['username', 'invalid_username', { username: 'a', password: PASSWORD }],
    ['username', 'invalid_username', { username: 'a'.repeat(33), password: PASSWORD }],
    ['username', 'invalid_username', { username: 'ada@example.com', password: PASSWORD }],
    [
      'username',
      'invalid_username',
      { email: 'ada@example.com', username: '', password: PASSWORD },
    ],
    ['name', 'too_long', { username: 'ada', name: 'x'.repeat(101), password: PASSWORD }],
    ['password', 'too_short', { username: 'ada', password: '' }],
    ['password', 'too_short', { username: 'ada', password: 'elevenchars' }],
    ['password', 'too_short', { username: 'ada', password: '\ud83d\ude00'.repeat(11) }],
    ['password', 'too_short', { username: 'ada', password: 'e\u0301'.repeat(11) }],
    ['password', 'too_long', { username: 'ada', password: 'x'.repeat(257) }],
  ])('refuses %s as %s: %j', async (path, code, json) => {
    const { app, ...answer } = await register(json);
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
    expect(answer.json.errors).toMatchObject([{ path, code }]);
    expect(answer.cookies).toEqual([]);
    expect(await countUsers(app)).toBe(0);
  });

  it.each([
    'twelve chars',
    '            ',
    '\ud83d\ude00'.repeat(12),
    'x'.repeat(256),
    '\ud83d\ude00'.repeat(256),
    'with \0 NUL \r\n and \u001b',
    `${'x'.repeat(72)}73`,
  ])('takes any password that is long enough, and signs in by it: %j', async (password) => {
    const { app, status } = await register({ username: 'ada', password });
    expect(status).toBe(201);
    const login = (password: string) =>
      app.client().post('/auth/login', { json: { username: 'ada', password } });
    expect((await login(password)).status).toBe(200);
    const shorter = [...password].slice(0, -1).join('');
    for (const other of [`${password}x`, shorter, `${password}\0`, ` ${password}`]) {
      expect((await login(other)).status).toBe(401);
    }
  });

  it('follows PASSWORD_MIN_LENGTH', async () => {
    const env = { PASSWORD_MIN_LENGTH: '20' };
    expect((await register({ username: 'ada', password: 'x'.repeat(19) }, env)).status).toBe(400);
    expect((await register({ username: 'ada', password: 'x'.repeat(20) }, env)).status).toBe(201);
  });

  it('takes the longest names that there are', async () => {
    const email = `${'a'.repeat(64)}@${`${'b'.repeat(61)}.`.repeat(3)}cc`;
    const names = { email, username: 'u'.repeat(32), name: '\u00e9'.repeat(100) };
    const { status, json } = await register({ ...names, password: PASSWORD });
    expect(status).toBe(201);
    expect(json.user).toMatchObject(names);
  });

  it('makes one account when the same names are registered at once', async () => {
    const app = await createTestApp();
    const json = { email: 'ada@example.com', username: 'ada', password: PASSWORD };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => app.client().post('/auth/register', { json })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 409, 409, 409, 409]);
    expect(await countUsers(app)).toBe(1);
  });
});
