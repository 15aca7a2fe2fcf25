import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/time.ts';
import { admin, expectRefused, patch, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import {
  INVALID,
  lettersTo,
  NEW_PASSWORD,
  outcomeOf,
  queued,
  reset,
  resetSecret,
  secretTo,
  verify,
} from '../support/mail.ts';
import { countUsers, EMAIL, login } from '../support/requests.ts';

const invite = (client: Client, json: unknown = { email: EMAIL }) =>
  client.post('/admin/users', { json });

async function withAdmin() {
  const app = await createTestApp();
  const { client: root, user } = await admin(app);
  await app.settled();
  return { app, root, rootId: user.id };
}

const passwordOf = async (app: TestApp) =>
  (await app.sql(sql`SELECT password_hash FROM users WHERE email = ${EMAIL}`))[0]?.password_hash;

describe('an invitation', () => {
  it('makes a user without a password, and mails a link that sets it', async () => {
    const { app, root } = await withAdmin();
    const json = { email: ' Ada@Example.com', username: 'ada', name: 'Ada', roles: ['editor'] };
    const answer = await invite(root, json);
    expect(answer.status).toBe(201);
    expect(answer.json.user).toEqual({
      ...{ id: expect.any(String), email: EMAIL, username: 'ada', name: 'Ada' },
      ...{ roles: ['user', 'editor'], emailVerified: false, disabled: false },
      createdAt: expect.any(String),
    });
    expect(await passwordOf(app)).toBeNull();
    expect((await login(app.client())).status).toBe(401);
    expect(await lettersTo(app)).toEqual(['invitation']);

    expect((await reset(app.client(), await secretTo(app, 'invitation'))).status).toBe(204);
    const { user } = await signedIn(app, { password: NEW_PASSWORD });
    expect(user).toMatchObject({ id: answer.json.user.id, emailVerified: true, name: 'Ada' });
    expect(user.roles).toEqual(answer.json.user.roles);
  });

  it('with roles left out gives the one that everybody has', async () => {
    const { root } = await withAdmin();
    expect((await invite(root)).json.user.roles).toEqual(['user']);
  });

  it('works while registration is closed', async () => {
    const app = await createTestApp({ env: { REGISTRATION: 'closed' } });
    await app.sql(sql`
      INSERT INTO users (id, email, password_hash, roles)
      VALUES ('root', 'root@example.com', '$2y$12$7Mj1fG3bdlpmRcXtZpwimOI4pItCQcj5x2.ZqydPbR5wWlKGVaQVe', '["admin"]')`);
    const root = app.client();
    await login(root, { email: 'root@example.com', password: 'password' });
    expect((await invite(root)).status).toBe(201);
    expect(await lettersTo(app)).toEqual(['invitation']);
  });

  it.each([
    [hours(24) - seconds(5), [204]],
    [hours(24) + seconds(5), INVALID],
  ])('after %i ms is answered %j', async (span, expected) => {
    const { app, root } = await withAdmin();
    await invite(root);
    const token = await secretTo(app, 'invitation');
    await app.advance(span);
    expect(outcomeOf(await reset(app.client(), token))).toEqual(expected);
  });

  it('that is too old is replaced by a forgotten password', async () => {
    const { app, root } = await withAdmin();
    await invite(root);
    await app.settled();
    await app.advance(hours(25));
    const token = await resetSecret(app);
    expect((await reset(app.client(), token)).status).toBe(204);
    expect((await login(app.client(), { password: NEW_PASSWORD })).status).toBe(200);
  });

  it('works once, sets no address, and not for somebody disabled since', async () => {
    const { app, root } = await withAdmin();
    const { user } = (await invite(root)).json;
    const token = await secretTo(app, 'invitation');
    expect(outcomeOf(await verify(app.client(), token))).toEqual(INVALID);
    await patch(root, `/admin/users/${user.id}`, { disabled: true });
    expect(outcomeOf(await reset(app.client(), token))).toEqual(INVALID);
    const other = (await invite(root, { email: 'bob@example.com' })).json.user;
    const second = await secretTo(app, 'invitation', 'bob@example.com');
    expect((await reset(app.client(), second)).status).toBe(204);
    expect(outcomeOf(await reset(app.client(), second, PASSWORD))).toEqual(INVALID);
    expect(other.email).toBe('bob@example.com');
  });

  it('without an email mails nothing', async () => {
    const { app, root } = await withAdmin();
    const answer = await invite(root, { username: 'ada' });
    expect([answer.status, answer.json.user.email]).toEqual([201, null]);
    expect(await queued(app)).toEqual([]);
  });

  it.each([
    ['email_taken', { email: EMAIL, username: 'new' }],
    ['username_taken', { email: 'new@example.com', username: 'ada' }],
    ['username_taken', { username: 'ADA' }],
    ['email_taken', { email: 'ADA@example.com', username: 'ada' }],
  ])('of a name that is taken is %s, and mails nobody', async (code, json) => {
    const { app, root } = await withAdmin();
    await invite(root, { email: EMAIL, username: 'ada' });
    await app.settled();
    expectRefused(await invite(root, json), 409, code);
    expect(await countUsers(app)).toBe(2);
    expect(await queued(app)).toEqual([]);
  });

  it.each([
    {},
    { email: 'ada' },
    { email: EMAIL, roles: ['Admin'] },
    { email: EMAIL, roles: 'admin' },
    { email: EMAIL, password: PASSWORD },
    { email: EMAIL, emailVerified: true },
    { email: EMAIL, id: 'x' },
    { email: EMAIL, name: 'a\nb' },
  ])('of %j is refused', async (json) => {
    const { app, root } = await withAdmin();
    expectRefused(await invite(root, json), 400, 'invalid_request');
    expect(await countUsers(app)).toBe(1);
  });

  it('is for admins with a login of the last ten minutes', async () => {
    const { app, root } = await withAdmin();
    const { client } = await app.registered('bob@example.com');
    expectRefused(await invite(app.client()), 401, 'not_signed_in');
    expectRefused(await invite(client), 403, 'forbidden');
    await app.advance(minutes(10) + seconds(5));
    expectRefused(await invite(root), 403, 'recent_login_required');
    expect(await countUsers(app)).toBe(2);
  });

  it('is recorded with the admin who made it', async () => {
    const { root, rootId } = await withAdmin();
    const { user } = (await invite(root)).json;
    const { events } = (await root.get(`/admin/events?user=${user.id}`)).json;
    expect(events).toMatchObject([{ kind: 'invited', actorId: rootId, userId: user.id }]);
  });
});
