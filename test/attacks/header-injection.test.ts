import { describe, expect, it } from 'vitest';
import { createTestApp, sql } from '../support/app.ts';
import { cookieOf, EMAIL, login } from '../support/requests.ts';

/** Somebody of another system's table, with the password of the tests. */
async function imported(user: { id: string; email: string | null; roles?: string }) {
  const app = await createTestApp();
  await app.registered();
  const { id, email, roles = '["user"]' } = user;
  await app.sql(sql`
    INSERT INTO users (id, username, email, email_verified, roles, password_hash)
    SELECT ${id}, 'imported', ${email}, 1, ${roles}, password_hash FROM users WHERE email = ${EMAIL}
  `);
  const client = app.client();
  const answer = await login(client, { username: 'imported' });
  expect(answer.status).toBe(200);
  return { app, client, answer };
}

const ODD = [
  'a\r\nset-cookie: gatehouse=planted',
  'a\nx-auth-roles: admin',
  'a\rb',
  'a\tb',
  'a\u0085b',
  'a\u2028b',
  'a%0d%0ax-auth-roles: admin',
  'a; path=/evil; domain=evil.example',
  'a, b',
  'a.b.c.d',
  'a/../../b',
  'a{b}:c',
  '"quoted"',
  'm\u00fcller@stra\u00dfe',
  '\u4f60\u597d',
  '\ud83d\ude00',
  '__proto__',
];

describe('odd characters in an imported id', () => {
  it.each(ODD)('are percent-encoded in headers, and decode to what they were: %j', async (id) => {
    const { client, answer } = await imported({ id, email: null });
    const { attributes } = cookieOf(answer);
    expect(attributes).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax']);

    const { status, headers, cookies } = await client.get('/auth/verify');
    expect([status, cookies, headers.get('x-auth-roles')]).toEqual([204, [], 'user']);
    const text = headers.get('x-auth-user-id') ?? '';
    expect(text).toMatch(/^[ -~]+$/);
    expect(decodeURIComponent(text)).toBe(id);
  });
});

describe('odd characters in an imported email', () => {
  it.each(ODD.map((text) => `${text}@x`))('are percent-encoded in headers: %j', async (email) => {
    const { client } = await imported({ id: 'imported', email });
    const { status, headers, cookies } = await client.get('/auth/verify');
    expect([status, cookies, headers.get('x-auth-roles')]).toEqual([204, [], 'user']);
    const text = headers.get('x-auth-email') ?? '';
    expect(text).toMatch(/^[ -~]+$/);
    expect(decodeURIComponent(text)).toBe(email);
  });
});

describe('odd characters in an imported role', () => {
  const ROLES = [
    'a\r\nx-auth-email: b',
    'x,admin',
    ',admin',
    'admin ',
    '\u00e9',
    '\ud800',
    '',
    7,
    null,
  ];

  it.each(ROLES)('add no header and no other role: %j', async (role) => {
    const roles = JSON.stringify(['user', role]);
    const { client } = await imported({ id: 'imported', email: null, roles });
    expect((await client.get('/auth/verify?role=admin')).status).toBe(403);
    const { status, headers } = await client.get('/auth/verify');
    expect([status, headers.get('x-auth-email')]).toEqual([204, '']);
    const shown = (headers.get('x-auth-roles') ?? '').split(',').map((text) => text.trim());
    expect(shown).toContain('user');
    expect(shown).not.toContain('admin');
  });
});

describe('what a request brings', () => {
  it('is in no header of the answer', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const headers = {
      'x-auth-user-id': 'admin',
      'x-auth-roles': 'admin',
      'x-auth-email': 'root@example.com',
      'x-request-id': 'chosen',
      'user-agent': 'chosen',
    };
    const answer = await client.get('/auth/verify', { headers });
    expect(answer.headers.get('x-auth-roles')).toBe('user');
    expect(answer.headers.get('x-auth-email')).toBe('');
    expect(JSON.stringify([...answer.headers])).not.toContain('chosen');
    expect((await app.client().get('/auth/verify', { headers })).status).toBe(401);
  });

  it('says nothing of a user when nobody is signed in or the role is missing', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    for (const answer of [
      await app.client().get('/auth/verify'),
      await client.get('/auth/verify?role=admin'),
    ]) {
      expect([...answer.headers.keys()].filter((name) => name.startsWith('x-auth-'))).toEqual([]);
    }
  });
});
