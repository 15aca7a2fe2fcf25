import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import { expectNobody, login } from '../support/requests.ts';

async function withRow(json: Record<string, string>, row = sql`email_verified = 0`) {
  const app = await createTestApp();
  const client = app.client();
  const { user } = (await client.post('/auth/register', { json: { ...json, password: PASSWORD } }))
    .json;
  await app.sql(sql`UPDATE users SET ${row}`);
  return { app, client, user };
}

const known = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-auth-')));

describe('GET /auth/verify', () => {
  it('answers 204 and says in headers who is signed in', async () => {
    const roles = sql`roles = '["user","editor"]', email_verified = 1`;
    const { client, user } = await withRow({ email: 'ada@example.com' }, roles);
    const { status, text, headers, cookies } = await client.get('/auth/verify');
    expect([status, text, cookies]).toEqual([204, '', []]);
    expect(known(headers)).toEqual({
      'x-auth-user-id': user.id,
      'x-auth-email': 'ada@example.com',
      'x-auth-email-verified': 'true',
      'x-auth-roles': 'user,editor',
    });
  });

  it('leaves the email empty when there is none, and says that it is not verified', async () => {
    const { client } = await withRow({ username: 'ada' });
    expect(known((await client.get('/auth/verify')).headers)).toMatchObject({
      'x-auth-email': '',
      'x-auth-email-verified': 'false',
    });
  });

  it('does not tell an email that nobody has confirmed, and overwrites what a client sent', async () => {
    const { client } = await withRow({ email: 'ada@example.com' });
    const headers = { 'x-auth-email': 'root@example.com' };
    expect(known((await client.get('/auth/verify', { headers })).headers)).toMatchObject({
      'x-auth-email': '',
      'x-auth-email-verified': 'false',
    });
  });

  it('percent-encodes an email that is not ASCII', async () => {
    const { client } = await withRow(
      { email: 'ada@example.com' },
      sql`email = 'müller@example.com', email_verified = 1`,
    );
    const { headers } = await client.get('/auth/verify');
    expect(headers.get('x-auth-email')).toBe('m%C3%BCller@example.com');
  });

  it('answers 401 when nobody is signed in', async () => {
    const app = await createTestApp();
    const visitor = app.client();
    await visitor.post('/counter');
    for (const client of [app.client(), visitor]) {
      const refused = await client.get('/auth/verify');
      expect([refused.status, refused.json.code]).toEqual([401, 'not_signed_in']);
      expect((await client.get('/auth/verify?role=user')).status).toBe(401);
    }
  });

  it('answers 403 without the role that is asked for', async () => {
    const { client } = await withRow({ username: 'ada' }, sql`roles = '["user","editor"]'`);
    for (const role of ['user', 'editor']) {
      expect((await client.get(`/auth/verify?role=${role}`)).status).toBe(204);
    }
    for (const role of [
      'admin',
      'Editor',
      'edit',
      'user,editor',
      '',
      '%20user',
      '__proto__',
      'length',
    ]) {
      const refused = await client.get(`/auth/verify?role=${role}`);
      expect([role, refused.status, refused.json?.code]).toEqual([role, 403, 'forbidden']);
    }
  });

  it.each(["'[]'", "'[1, null]'", `'["x,admin"]'`])(
    'gives everybody the role of a user, and nobody another by a broken row: %s',
    async (roles) => {
      const { client } = await withRow({ username: 'ada' }, sql`roles = ${sql.raw(roles)}`);
      expect((await client.get('/auth/verify')).headers.get('x-auth-roles')).toBe('user');
      expect((await client.get('/auth/verify?role=admin')).status).toBe(403);
    },
  );

  it('answers 401 for somebody who is disabled', async () => {
    const { client } = await withRow({ username: 'ada' }, sql`disabled = 1`);
    expect((await client.get('/auth/verify')).status).toBe(401);
  });
});

describe('GET /auth/session', () => {
  it('says who is signed in, and nothing when nobody is', async () => {
    const { app, client } = await withRow({ email: 'ada@example.com' });
    expectNobody(await app.client().get('/auth/session'));
    const other = app.client();
    const { json } = await login(other);
    expect((await other.get('/auth/session')).json).toEqual(json);
    expect((await client.get('/auth/session')).json.session.id).not.toBe(json.session.id);
  });

  it('says nothing of an anonymous session', async () => {
    const visitor = (await createTestApp()).client();
    await visitor.post('/counter');
    expectNobody(await visitor.get('/auth/session'));
  });
});
