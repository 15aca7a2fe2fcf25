import { describe, expect, it } from 'vitest';
import { expectRefused, patch, remove, sessionOf, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { costOf, login } from '../support/requests.ts';

const change = (client: Client, json: unknown) => patch(client, '/auth/user', json);

async function named(app: TestApp, username: string) {
  const client = app.client();
  const json = { username, name: 'Ada', password: PASSWORD };
  expect((await client.post('/auth/register', { json })).status).toBe(201);
  return client;
}

describe('PATCH /auth/user', () => {
  it('changes the name and the user name, and answers the user as the session shows it', async () => {
    const { client, user } = await (await createTestApp()).registered();
    const answer = await change(client, { name: '  Ada Lovelace ', username: 'Ada.L' });
    expect([answer.status, answer.cookies]).toEqual([200, []]);
    expect(answer.json).toEqual({ user: { ...user, name: 'Ada Lovelace', username: 'ada.l' } });
    expect((await client.get('/auth/session')).json.user).toEqual(answer.json.user);
  });

  it('leaves out what is left out', async () => {
    const app = await createTestApp();
    const client = await named(app, 'ada');
    expect((await change(client, { username: 'ada2' })).json.user).toMatchObject({ name: 'Ada' });
    const renamed = (await change(client, { name: 'Countess' })).json.user;
    expect(renamed).toMatchObject({ username: 'ada2', name: 'Countess' });
    expect((await change(client, {})).json.user).toEqual(renamed);
  });

  it.each([[null], [''], ['   ']])('takes the name away with %j', async (name) => {
    const client = await named(await createTestApp(), 'ada');
    expect((await change(client, { name })).json.user.name).toBeNull();
    expect((await client.get('/auth/session')).json.user.name).toBeNull();
  });

  it.each([
    ['a name', { name: '😀'.repeat(101) }, 'name'],
    ['a name', { name: 'line\nbreak' }, 'name'],
    ['a name', { name: 'nul\0' }, 'name'],
    ['a name', { name: 'half \ud800' }, 'name'],
    ['a name', { name: 7 }, 'name'],
    ['a user name', { username: 'ada@example.com' }, 'username'],
    ['a user name', { username: 'a' }, 'username'],
    ['a user name', { username: 'a'.repeat(33) }, 'username'],
    ['a user name', { username: '\u212aelvin' }, 'username'],
    ['a user name', { username: 'ada l' }, 'username'],
    ['a user name', { username: '' }, 'username'],
    ['a user name', { username: null }, 'username'],
  ])('refuses %s like %j', async (_what, sent, path) => {
    const client = await named(await createTestApp(), 'ada');
    const answer = await change(client, sent);
    expectRefused(answer, 400, 'invalid_request');
    expect(answer.json.errors).toEqual([expect.objectContaining({ path })]);
    const { user } = (await client.get('/auth/session')).json;
    expect(user).toMatchObject({ username: 'ada', name: 'Ada' });
  });

  it('counts a name in code points', async () => {
    const client = await named(await createTestApp(), 'ada');
    const name = '😀'.repeat(100);
    expect((await change(client, { name })).json.user.name).toBe(name);
  });

  it.each([
    { role: 'admin' },
    { roles: ['user', 'admin'] },
    { id: 'root' },
    { email: 'eve@example.com' },
    { emailVerified: true },
    { disabled: false },
    { epoch: 7 },
    { version: 7 },
    { passwordHash: '' },
    { password_hash: '' },
    { createdAt: '1970-01-01T00:00:00.000Z' },
    { user: { roles: ['admin'] } },
  ])('does not let %j be smuggled in', async (smuggled) => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const before = await app.sql(sql`SELECT * FROM users`);
    const answer = await change(client, { name: 'Ada', ...smuggled });
    expectRefused(answer, 400, 'invalid_request');
    const [path] = Object.keys(smuggled);
    expect(answer.json.errors).toEqual([expect.objectContaining({ path, code: 'unknown_key' })]);
    expect(await app.sql(sql`SELECT * FROM users`)).toEqual(before);
  });

  it('is for people who are signed in', async () => {
    const app = await createTestApp();
    expectRefused(await change(app.client(), { name: 'Eve' }), 401, 'not_signed_in');
  });
});

describe('a user name', () => {
  it('that another user has is refused, whatever its case', async () => {
    const app = await createTestApp();
    await named(app, 'ada');
    const eve = await named(app, 'eve');
    for (const username of ['ada', 'ADA', ' Ada ']) {
      expectRefused(await change(eve, { username, name: 'Ada' }), 409, 'username_taken');
    }
    const { user } = (await eve.get('/auth/session')).json;
    expect(user).toMatchObject({ username: 'eve', name: 'Ada' });
  });

  it('of one’s own may be given again', async () => {
    const client = await named(await createTestApp(), 'ada');
    for (const username of ['ada', 'ADA']) {
      const { status, json } = await change(client, { username });
      expect([status, json.user.username]).toEqual([200, 'ada']);
    }
  });

  it('goes to one of two who want it at the same time', async () => {
    const app = await createTestApp();
    const both = [await named(app, 'ada'), await named(app, 'eve')];
    const answers = await Promise.all(both.map((client) => change(client, { username: 'star' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('signs in as soon as it is changed, and the old one no more', async () => {
    const app = await createTestApp();
    const client = await named(app, 'ada');
    await change(client, { username: 'countess' });
    expect((await login(app.client(), { username: 'COUNTESS' })).status).toBe(200);
    expectRefused(await login(app.client(), { username: 'ada' }), 401, 'invalid_credentials');
  });
});

describe('a change of the profile', () => {
  it('holds at the next request of every live session, and costs SQL once', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client, session } = await app.registered();
    const { client: phone, session: other } = await signedIn(app);
    await sessionOf(client);
    await sessionOf(phone);
    await change(client, { name: 'Countess' });
    const first = await costOf(app, async () => {
      const { json } = await phone.get('/auth/session');
      expect([json.user.name, json.session.id]).toEqual(['Countess', other.id]);
    });
    expect(first.statements).toBe(1);
    const others = await costOf(app, async () => {
      const { json } = await client.get('/auth/session');
      expect([json.user.name, json.session.id]).toEqual(['Countess', session.id]);
      await phone.get('/auth/session');
    });
    expect(others).toEqual({ commands: ['MGET', 'MGET'], statements: 0 });
  });

  it('that the session asked for before all sessions were ended does not happen', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await sessionOf(client);
    const owner = client.copy();
    const marking = app.redis.hold('put');
    const changing = change(client, { name: 'Eve' });
    await marking.arrived;
    expect((await remove(owner, '/auth/sessions?include=current')).status).toBe(200);
    marking.release();
    expectRefused(await changing, 401, 'not_signed_in');
    expect((await login(owner)).json.user.name).toBeNull();
  });
});
