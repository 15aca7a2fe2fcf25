import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/time.ts';
import {
  admin,
  confirm,
  expectRefused,
  patch,
  remove,
  sessionOf,
  signedIn,
} from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { expectNobody } from '../support/requests.ts';

async function withAdmin() {
  const app = await createTestApp();
  const { client: root, user: rootUser } = await admin(app);
  const { client, user, session } = await app.registered();
  await confirm(app, user);
  const path = `/admin/users/${user.id}`;
  return { app, root, rootUser, client, user: { ...user, emailVerified: true }, session, path };
}

const UNKNOWN = '/admin/users/01890000-0000-7000-8000-000000000000';

/** Every route, as `[method, path of a user, body]`. */
const UNSAFE: [string, (path: string) => string, unknown][] = [
  ['PATCH', (path) => path, { name: 'X' }],
  ['PATCH', (path) => path, { roles: ['admin'] }],
  ['PATCH', (path) => path, { disabled: true }],
  ['DELETE', (path) => `${path}/sessions`, undefined],
];
const ROUTES = [
  ['GET', () => '/admin/users', undefined],
  ['GET', (path: string) => path, undefined],
  ...UNSAFE,
] as typeof UNSAFE;

const send = (client: Client, [method, to, json]: (typeof ROUTES)[number], path: string) =>
  client.request(method, to(path), json === undefined ? {} : { json });

describe('the admin routes', () => {
  it('are closed to those who are not signed in, and to those without the role', async () => {
    const { app, client, user, path } = await withAdmin();
    for (const route of ROUTES) {
      expectRefused(await send(app.client(), route, path), 401, 'not_signed_in');
      expectRefused(await send(client, route, path), 403, 'forbidden');
      expectRefused(await send(client, route, UNKNOWN), 403, 'forbidden');
    }
    expect((await client.get('/auth/session')).json.user).toEqual(user);
  });

  it('ask for a recent login to change anything, which a proof by password is', async () => {
    const { app, root, path } = await withAdmin();
    await app.advance(minutes(10) - seconds(5));
    expect((await patch(root, path, { name: 'Early' })).status).toBe(200);
    await app.advance(seconds(6));
    for (const route of UNSAFE) {
      expectRefused(await send(root, route, path), 403, 'recent_login_required');
      expectRefused(await send(root, route, UNKNOWN), 403, 'recent_login_required');
    }
    expect((await root.get('/admin/users')).status).toBe(200);
    expect((await root.get(path)).json.user).toMatchObject({ name: 'Early', disabled: false });
    await root.post('/auth/reauthenticate', { json: { password: PASSWORD } });
    expect((await patch(root, path, { name: 'Late' })).status).toBe(200);
  });

  it('do not know a user who is not there', async () => {
    const { root } = await withAdmin();
    for (const id of [UNKNOWN, '/admin/users/%00', `${UNKNOWN}'--`]) {
      expectRefused(await root.get(id), 404, 'not_found');
      expectRefused(await patch(root, id, { name: 'X' }), 404, 'not_found');
      expectRefused(await patch(root, id, { roles: [] }), 404, 'not_found');
      expectRefused(await remove(root, `${id}/sessions`), 404, 'not_found');
    }
  });

  it('show of a user what the user sees, and whether it is disabled', async () => {
    const { root, client, user, path } = await withAdmin();
    expect((await root.get(path)).json).toEqual({ user: { ...user, disabled: false } });
    expect((await patch(root, path, {})).json).toEqual({ user: { ...user, disabled: false } });
    const { users } = (await root.get('/admin/users')).json;
    expect(users).toContainEqual({ ...user, disabled: false });
    expect((await client.get('/auth/session')).json.user).toEqual(user);
  });
});

describe('PATCH /admin/users/{id}', () => {
  it.each([
    ['roles', ['Admin']],
    ['roles', ['1st']],
    ['roles', ['a b']],
    ['roles', ['a,admin']],
    ['roles', [`a${'b'.repeat(32)}`]],
    ['roles', ['']],
    ['roles', [7]],
    ['roles', 'admin'],
    ['roles', null],
    ['roles', Array.from({ length: 51 }, (_, i) => `role${i}`)],
    ['disabled', 'true'],
    ['disabled', 1],
    ['disabled', null],
    ['name', 'line\nbreak'],
    ['email', 'new@example.com'],
    ['username', 'new'],
    ['epoch', 0],
    ['password', PASSWORD],
  ])('refuses %s %j', async (key, value) => {
    const { root, path, user } = await withAdmin();
    const answer = await patch(root, path, { [key]: value });
    expectRefused(answer, 400, 'invalid_request');
    const [{ path: wrong }] = answer.json.errors;
    expect(wrong.split('.')[0]).toBe(key);
    expect((await root.get(path)).json.user).toEqual({ ...user, disabled: false });
  });

  it.each([
    [[], ['user']],
    [['editor'], ['editor', 'user']],
    [
      ['user', 'b-2_c'],
      ['b-2_c', 'user'],
    ],
    [
      ['editor', 'editor'],
      ['editor', 'user'],
    ],
    [[`a${'b'.repeat(31)}`], [`a${'b'.repeat(31)}`, 'user']],
  ])('makes of the roles %j those and "user"', async (roles, expected) => {
    const { root, path, client } = await withAdmin();
    expect((await patch(root, path, { roles })).json.user.roles.sort()).toEqual(expected);
    expect((await client.get('/auth/session')).json.user.roles.sort()).toEqual(expected);
  });

  it('takes a name away with null, and changes nothing else', async () => {
    const { root, path, user } = await withAdmin();
    await patch(root, path, { name: 'Ada', roles: ['editor'] });
    const { json } = await patch(root, path, { name: null });
    expect(json.user).toEqual({ ...user, name: null, roles: ['user', 'editor'], disabled: false });
  });
});

describe('DELETE /admin/users/{id}/sessions', () => {
  it('ends all of them at once, counts them, and lets the user sign in again', async () => {
    const { app, root, path, client } = await withAdmin();
    const { client: phone } = await signedIn(app);
    await sessionOf(client);
    await sessionOf(phone);
    const answer = await remove(root, `${path}/sessions`);
    expect([answer.status, answer.json, answer.cookies]).toEqual([200, { revoked: 2 }, []]);
    expectNobody(await client.get('/auth/session'));
    expectNobody(await phone.get('/auth/session'));
    expect(await sessionOf(root)).toBeDefined();
    await signedIn(app);
    expect((await remove(root, `${path}/sessions`)).json).toEqual({ revoked: 1 });
    expect((await remove(root, `${path}/sessions`)).json).toEqual({ revoked: 0 });
  });

  it('ends those of the admin who asks, too', async () => {
    const { root, rootUser } = await withAdmin();
    const answer = await remove(root, `/admin/users/${rootUser.id}/sessions`);
    expect(answer.json).toEqual({ revoked: 1 });
    expectNobody(await root.get('/auth/session'));
  });
});
