import { describe, expect, it } from 'vitest';
import { signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { lettersTo, NEW_PASSWORD } from '../support/mail.ts';
import { cookieOf, countUsers, EMAIL, expectNobody, login } from '../support/requests.ts';

async function withAda() {
  const app = await createTestApp();
  const { client } = await app.registered();
  await app.settled();
  return { app, client };
}

const page = async (client: Client) => (await client.get('/account')).text;

const send = (client: Client, name: string, form: Record<string, string> = {}) =>
  client.post(`/account/${name}`, { form });

const userOf = async (client: Client) => (await client.get('/auth/session')).json.user;

describe('the password form of the page', () => {
  it('changes it, ends the others, and goes on with a new cookie', async () => {
    const { app, client } = await withAda();
    const { client: phone } = await signedIn(app);
    const stolen = client.copy();
    const form = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const answer = await send(client, 'password', form);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account']);
    expect(cookieOf(answer).name).toBe('gatehouse');
    expect(await page(client)).toContain('Your password was changed');
    for (const session of [phone, stolen]) expectNobody(await session.get('/auth/session'));
    expect((await login(app.client(), { password: NEW_PASSWORD })).status).toBe(200);
    expect(await lettersTo(app)).toContain('password_changed');
  });

  it.each([
    [401, { currentPassword: 'hunter2 hunter2', newPassword: NEW_PASSWORD }],
    [400, { currentPassword: PASSWORD, newPassword: 'hunter2' }],
    [400, { currentPassword: PASSWORD }],
  ])('is %i for a wrong one, shows none, and changes nothing', async (status, form) => {
    const { app, client } = await withAda();
    const answer = await send(client, 'password', form as Record<string, string>);
    expect([answer.status, answer.cookies]).toEqual([status, []]);
    expect(answer.text).toContain('action="/account/password"');
    expect(answer.text).not.toMatch(/hunter2|horse/);
    expect((await login(app.client())).status).toBe(200);
  });
});

describe('the form that deletes the account', () => {
  it('takes it, its sessions and the cookie away, and tells the owner', async () => {
    const { app, client } = await withAda();
    const { client: phone } = await signedIn(app);
    const answer = await send(client, 'delete', { password: PASSWORD });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    expect(client.cookie('gatehouse')).toBeUndefined();
    expectNobody(await phone.get('/auth/session'));
    expect(await countUsers(app)).toBe(0);
    expect(await lettersTo(app)).toContain('account_deleted');
  });

  it.each([
    [401, { password: 'not the password' }],
    [400, {}],
  ])('is %i without the password, and deletes nothing', async (status, form) => {
    const { app, client } = await withAda();
    const answer = await send(client, 'delete', form as Record<string, string>);
    expect([answer.status, answer.text.includes('action="/account/delete"')]).toEqual([
      status,
      true,
    ]);
    await expectStanding(app, client);
  });

  it('is refused to the last admin', async () => {
    const { app, client } = await withAda();
    await app.sql(sql`UPDATE users SET roles = '["admin"]'`);
    expect((await send(client, 'delete', { password: PASSWORD })).status).toBe(409);
    await expectStanding(app, client);
  });
});

async function expectStanding(app: TestApp, client: Client) {
  expect(await countUsers(app)).toBe(1);
  expect((await userOf(client)).email).toBe(EMAIL);
}
