import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/time.ts';
import {
  admin,
  bearer,
  confirm,
  expectRefused,
  patch,
  sessionOf,
  signedIn,
} from '../support/accounts.ts';
import { createTestApp, sql } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { expectNobody, login } from '../support/requests.ts';

/** An admin, and somebody with two live sessions and a warm card. */
async function withAdmin() {
  const app = await createTestApp();
  const { client: root, user: rootUser } = await admin(app);
  const { client, user } = await app.registered();
  await confirm(app, user);
  const { client: phone } = await signedIn(app);
  const sessions = [client, phone];
  for (const session of sessions) await sessionOf(session);
  const path = `/admin/users/${user.id}`;
  return { app, root, rootUser, sessions, user, path };
}

const statusOf = async (client: Client) => (await client.get('/admin/users')).status;

describe('a change by an admin', () => {
  it('of roles holds at the next request of every live session, and ends none', async () => {
    const { root, sessions, path } = await withAdmin();
    const ids = await Promise.all(sessions.map(sessionOf));
    await patch(root, path, { roles: ['user', 'admin'] });
    for (const session of sessions) expect(await statusOf(session)).toBe(200);
    await patch(root, path, { roles: ['user'] });
    for (const session of sessions) expect(await statusOf(session)).toBe(403);
    expect((await sessions[0]?.get('/auth/verify?role=admin'))?.status).toBe(403);
    expect(await Promise.all(sessions.map(sessionOf))).toEqual(ids);
  });

  it('that disables a user ends every live session at the next request', async () => {
    const { app, root, sessions, path } = await withAdmin();
    const { token } = await signedIn(app, { token: true });
    const answer = await patch(root, path, { disabled: true });
    expect([answer.status, answer.json.user.disabled]).toEqual([200, true]);
    for (const session of sessions) {
      expectNobody(await session.get('/auth/session'));
      expect((await session.get('/auth/verify')).status).toBe(401);
      expectRefused(await session.get('/auth/sessions'), 401, 'not_signed_in');
    }
    expectNobody(await app.client().get('/auth/session', bearer(token)));
  });

  it('that disables a user refuses logins like a wrong password does', async () => {
    const { app, root, path } = await withAdmin();
    await patch(root, path, { disabled: true });
    const refused = await login(app.client());
    expectRefused(refused, 401, 'invalid_credentials');
    const wrong = await login(app.client(), { password: 'not the password' });
    const same = ({ requestId: _, ...problem }: Record<string, unknown>) => problem;
    expect(same(refused.json)).toEqual(same(wrong.json));
  });

  it('that enables a user again revives no session', async () => {
    const { app, root, sessions, path } = await withAdmin();
    await patch(root, path, { disabled: true });
    expect((await patch(root, path, { disabled: false })).json.user.disabled).toBe(false);
    for (const session of sessions) expectNobody(await session.get('/auth/session'));
    const { client } = await signedIn(app);
    // What was not changed ends nothing.
    await patch(root, path, { disabled: false });
    expect(await sessionOf(client)).toBeDefined();
    for (const session of sessions) expectNobody(await session.get('/auth/session'));
  });

  it('by hand in the database holds ten minutes later at the latest', async () => {
    const { app, sessions, user } = await withAdmin();
    await app.sql(sql`UPDATE users SET disabled = 1 WHERE id = ${user.id}`);
    await app.advance(minutes(10) + seconds(1));
    for (const session of sessions) expectNobody(await session.get('/auth/session'));
  });

  it('that enables somebody whom a hand in the database disabled revives no session', async () => {
    const { app, root, sessions, user, path } = await withAdmin();
    await app.sql(sql`UPDATE users SET disabled = 1 WHERE id = ${user.id}`);
    expect((await patch(root, path, { disabled: false })).json.user.disabled).toBe(false);
    for (const session of sessions) expectNobody(await session.get('/auth/session'));
  });

  it('that disables a user ends the login that was in flight, also when enabled again', async () => {
    const { app, root, path } = await withAdmin();
    const late = app.client();
    const creating = app.redis.hold('addIndexed');
    const signing = login(late);
    await creating.arrived;
    await patch(root, path, { disabled: true });
    await patch(root, path, { disabled: false });
    creating.release();
    expect((await signing).status).toBe(200);
    expectNobody(await late.get('/auth/session'));
  });

  it('holds for a request whose card was being loaded meanwhile', async () => {
    const { app, root, sessions, path } = await withAdmin();
    const [client, phone] = sessions as [Client, Client];
    await patch(root, path, { name: 'cold card' });
    const caching = app.redis.hold('compareAndSet');
    const reading = client.get('/auth/session');
    await caching.arrived;
    await patch(root, path, { disabled: true });
    caching.release();
    await reading;
    expectNobody(await client.get('/auth/session'));
    expectNobody(await phone.get('/auth/session'));
  });
});

describe('a role for somebody whose email is not confirmed', () => {
  /** Somebody who registered an address, with the role that an import gave them. */
  async function unconfirmed() {
    const { app, root, user, path, sessions } = await withAdmin();
    await app.sql(sql`
      UPDATE users SET email_verified = 0, roles = '["user","editor"]' WHERE id = ${user.id}`);
    return { app, root, user, path, client: sessions[0] as Client };
  }

  it.each([[['admin']], [['editor', 'admin']]])('is refused: %j', async (roles) => {
    const { root, path, client } = await unconfirmed();
    const answer = await patch(root, path, { roles, name: 'Eve' });
    expectRefused(answer, 409, 'conflict');
    expect(answer.json.errors).toMatchObject([{ path: 'roles', code: 'email_unconfirmed' }]);
    const { user } = (await root.get(path)).json;
    expect([user.roles, user.name]).toEqual([['user', 'editor'], null]);
    expect(await statusOf(client)).toBe(403);
  });

  it('is refused even while the row has roles that are none', async () => {
    const { app, root, path, user } = await unconfirmed();
    await app.sql(sql`UPDATE users SET roles = '[null, 7]' WHERE id = ${user.id}`);
    expectRefused(await patch(root, path, { roles: ['admin'] }), 409, 'conflict');
  });

  it.each([{ roles: [] }, { roles: ['user', 'editor'] }, { disabled: true }, { name: 'Ada' }])(
    'is not given by %j, which passes',
    async (change) => {
      const { root, path } = await unconfirmed();
      expect((await patch(root, path, change)).status).toBe(200);
    },
  );

  it('is given once it is confirmed, and to those who have no email', async () => {
    const { app, root, path, user } = await unconfirmed();
    await confirm(app, user);
    expect((await patch(root, path, { roles: ['admin'] })).status).toBe(200);
    await app.sql(sql`
      UPDATE users SET email = NULL, username = 'ada', email_verified = 0 WHERE id = ${user.id}`);
    expect((await patch(root, path, { roles: ['admin', 'editor'] })).status).toBe(200);
  });

  it('is given with an invitation, and to whom it has not reached yet', async () => {
    const { root } = await unconfirmed();
    const json = { email: 'bob@example.com', roles: ['editor'] };
    const { user } = (await root.post('/admin/users', { json })).json;
    expect(user.roles).toEqual(['user', 'editor']);
    const answer = await patch(root, `/admin/users/${user.id}`, { roles: ['admin'] });
    expect(answer.status).toBe(200);
  });
});

describe('the last admin', () => {
  it.each([{ roles: ['user'] }, { roles: [] }, { disabled: true }, { roles: [], disabled: true }])(
    'can not be changed by %j',
    async (change) => {
      const { root, rootUser } = await withAdmin();
      const path = `/admin/users/${rootUser.id}`;
      expectRefused(await patch(root, path, change), 409, 'last_admin');
      const { user } = (await root.get(path)).json;
      expect([user.roles, user.disabled]).toEqual([['user', 'admin'], false]);
      expect((await patch(root, path, { name: 'Root', roles: ['admin'] })).status).toBe(200);
    },
  );

  it('is the only one who is not disabled', async () => {
    const { app, root, rootUser, path } = await withAdmin();
    await patch(root, path, { roles: ['admin'] });
    await patch(root, path, { disabled: true });
    const own = `/admin/users/${rootUser.id}`;
    expectRefused(await patch(root, own, { roles: [] }), 409, 'last_admin');
    // One who is disabled does not count, and may lose the role.
    expect((await patch(root, path, { roles: [] })).json.user.roles).toEqual(['user']);
    expect(await app.sql(sql`SELECT id FROM users`)).toHaveLength(2);
  });

  it('is the only one who can sign in', async () => {
    const { root, rootUser } = await withAdmin();
    const ghost = { username: 'ghost', roles: ['admin'] };
    expect((await root.post('/admin/users', { json: ghost })).status).toBe(201);
    const own = `/admin/users/${rootUser.id}`;
    expectRefused(await patch(root, own, { roles: [] }), 409, 'last_admin');
  });

  it.each([{ roles: ['user'] }, { disabled: true }])(
    'may go by %j when there is another one, whose turn it then is',
    async (change) => {
      const { root, rootUser, sessions, path } = await withAdmin();
      const [client] = sessions as [Client];
      await patch(root, path, { roles: ['admin'] });
      const own = `/admin/users/${rootUser.id}`;
      expect((await patch(root, own, change)).status).toBe(200);
      expect(await statusOf(root)).toBeGreaterThanOrEqual(401);
      expectRefused(await patch(client, path, change), 409, 'last_admin');
    },
  );

  it.each([{ roles: ['user'] }, { disabled: true }])(
    'stays when two admins do %j to each other at once',
    async (change) => {
      const { app, root, rootUser, sessions, path } = await withAdmin();
      const [client] = sessions as [Client];
      await patch(root, path, { roles: ['admin'] });
      expect(await statusOf(client)).toBe(200);
      // Both have been let in before either changes anything.
      const holds = [app.redis.hold('put'), app.redis.hold('put')];
      const changes = [
        patch(root, path, change),
        patch(client, `/admin/users/${rootUser.id}`, change),
      ];
      for (const { arrived } of holds) await arrived;
      for (const { release } of holds) release();
      const answers = await Promise.all(changes);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const admins = await app.sql(
        sql`SELECT id FROM users WHERE roles LIKE '%admin%' AND NOT disabled`,
      );
      expect(admins).toHaveLength(1);
    },
  );
});
