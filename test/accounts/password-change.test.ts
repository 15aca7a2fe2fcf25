import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { EMAIL, expectNobody, login } from '../support/requests.ts';

const NEW = 'another horse battery staple';

const change = (client: Client, json: object = {}) =>
  client.post('/auth/password', { json: { currentPassword: PASSWORD, newPassword: NEW, ...json } });

async function storedHash(app: TestApp) {
  const [row] = await app.sql(sql`SELECT password_hash FROM users`);
  return row?.password_hash;
}

describe('changing the password', () => {
  it('lets the new one in and the old one no more', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const answer = await change(client);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await login(app.client())).status).toBe(401);
    expect((await login(app.client(), { password: NEW })).status).toBe(200);
  });

  it('ends every other session, and gives this one a new token and a recent login', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    const elsewhere = app.client();
    await login(elsewhere);
    const stolen = client.copy();
    await app.advance(60_000);
    await change(client);
    expectNobody(await elsewhere.get('/auth/session'));
    expectNobody(await stolen.get('/auth/session'));
    const now = (await client.get('/auth/session')).json.session;
    expect(now.id).toBe(session.id);
    expect(now.authenticatedAt > session.authenticatedAt).toBe(true);
    expect((await client.get('/auth/sessions')).json.sessions).toHaveLength(1);
  });

  it('does not let a login in that checked the old password before', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const creating = app.redis.hold('addIndexed');
    const late = app.client();
    const entering = login(late);
    await creating.arrived;
    expect((await change(client)).status).toBe(204);
    creating.release();
    await entering;
    expectNobody(await late.get('/auth/session'));
  });

  it('asks for the current password, and leaves the session as it is when that is wrong', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const before = await storedHash(app);
    const answer = await change(client, { currentPassword: 'not the password' });
    expect([answer.status, answer.json.code]).toEqual([401, 'invalid_credentials']);
    expect(answer.cookies).toEqual([]);
    expect(await storedHash(app)).toBe(before);
    expect((await client.get('/auth/session')).json.user.email).toBe(EMAIL);
  });

  it('refuses a new password that is too short, and names the field', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const answer = await change(client, { newPassword: 'short' });
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ path: 'newPassword', code: 'too_short' }]);
  });

  it('is 429 after five wrong passwords in ten minutes, also for the right one', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    for (let i = 0; i < 5; i += 1) await change(client, { currentPassword: 'wrong' });
    expect((await change(client)).status).toBe(429);
    await app.advance(10 * 60_000);
    expect((await change(client)).status).toBe(204);
  });

  it('answers a bearer with the new token in the body', async () => {
    const app = await createTestApp();
    await app.registered();
    const { token } = (await login(app.client(), { token: true })).json;
    const program = app.client({ authorization: `Bearer ${token}` });
    const answer = await change(program);
    expect(answer.status).toBe(200);
    expect(answer.cookies).toEqual([]);
    const renewed = app.client({ authorization: `Bearer ${answer.json.token}` });
    expect((await renewed.get('/auth/session')).json.session.id).toBe(answer.json.session.id);
    expectNobody(await program.get('/auth/session'));
  });

  it('lets one of two at once win', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const answers = await Promise.all([change(client), change(client.copy())]);
    const won = answers.filter(({ status }) => status === 204);
    expect(won).toHaveLength(1);
    expect((await login(app.client(), { password: NEW })).status).toBe(200);
  });
});

describe('a change of password during which its session ends', () => {
  it.each([
    ['by a logout', (tab: Client) => tab.post('/auth/logout')],
    ['by a login over it', (tab: Client) => login(tab, { password: NEW })],
  ])('%s is answered as done, and signs nobody in', async (_how, end) => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await client.get('/auth/session');
    const tab = client.copy();
    const renewal = app.redis.hold('compareAndSet');
    const changing = change(client);
    await renewal.arrived;
    await end(tab);
    renewal.release();
    const answer = await changing;
    expect([answer.status, answer.cookies]).toEqual([204, []]);
    expectNobody(await client.get('/auth/session'));
    expect((await login(app.client(), { password: NEW })).status).toBe(200);
  });

  it('sends whoever used the form to sign in, and says that it is changed', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await client.get('/auth/session');
    const tab = client.copy();
    const renewal = app.redis.hold('compareAndSet');
    const form = { currentPassword: PASSWORD, newPassword: NEW };
    const changing = client.post('/account/password', { form });
    await renewal.arrived;
    await tab.post('/auth/logout');
    renewal.release();
    const { status, headers } = await changing;
    expect([status, headers.get('location')]).toEqual([303, '/login?reset']);
  });
});
