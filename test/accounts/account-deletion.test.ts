import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { countUsers, expectNobody, login } from '../support/requests.ts';

const remove = (client: Client, password = PASSWORD) =>
  client.request('DELETE', '/auth/user', { json: { password } });

describe('deleting the account', () => {
  it('takes the row, every session and the cookie away', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const elsewhere = app.client();
    await login(elsewhere);
    await elsewhere.get('/auth/session');
    const stolen = client.copy();
    const answer = await remove(client);
    expect(answer.status).toBe(204);
    expect(client.cookie('gatehouse')).toBeUndefined();
    expect(await countUsers(app)).toBe(0);
    expectNobody(await elsewhere.get('/auth/session'));
    expectNobody(await stolen.get('/auth/session'));
    expect((await login(app.client())).status).toBe(401);
  });

  it('frees the address for somebody new, whom no old session signs in', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const stolen = client.copy();
    await remove(client);
    await app.registered();
    expectNobody(await stolen.get('/auth/session'));
  });

  it('asks for the password', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const answer = await remove(client, 'not the password');
    expect([answer.status, answer.json.code]).toEqual([401, 'invalid_credentials']);
    expect(await countUsers(app)).toBe(1);
    expect((await client.get('/auth/session')).json.user).not.toBeNull();
  });

  it('is refused to the last admin', async () => {
    const app = await createTestApp();
    const { client, user } = await app.registered();
    await app.sql(sql`UPDATE users SET roles = '["user","admin"]' WHERE id = ${user.id}`);
    const answer = await remove(client);
    expect([answer.status, answer.json.code]).toEqual([409, 'last_admin']);
    expect(await countUsers(app)).toBe(1);
  });
});
