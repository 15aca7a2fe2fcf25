import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/time.ts';
import { admin, confirm, expectRefused, remove, signedIn } from '../support/accounts.ts';
import { createTestApp, sql } from '../support/app.ts';
import {
  changeEmail,
  INVALID,
  lettersTo,
  outcomeOf,
  queued,
  reset,
  resetSecret,
  secretTo,
  verify,
} from '../support/mail.ts';
import { countUsers, expectNobody, login } from '../support/requests.ts';

async function withAdmin(env: Record<string, string> = {}) {
  const app = await createTestApp({ env });
  const { client: root, user: rootUser } = await admin(app);
  const { client, user } = await app.registered();
  const { client: phone } = await signedIn(app);
  for (const session of [client, phone]) await session.get('/auth/session');
  await app.settled();
  return { app, root, rootUser, sessions: [client, phone], user, path: `/admin/users/${user.id}` };
}

describe('deleting a user as an admin', () => {
  it('ends every session at its next request, and lets nobody in any more', async () => {
    const { app, root, sessions, path } = await withAdmin();
    const answer = await remove(root, path);
    expect([answer.status, answer.text]).toEqual([204, '']);
    for (const session of sessions) {
      expectNobody(await session.get('/auth/session'));
      expect((await session.get('/auth/verify')).status).toBe(401);
    }
    expect((await login(app.client())).status).toBe(401);
    expect((await root.get(path)).status).toBe(404);
    expect(await countUsers(app)).toBe(1);
  });

  it('is told to the owner', async () => {
    const { app, root, path } = await withAdmin();
    await remove(root, path);
    expect(await lettersTo(app)).toEqual(['verification', 'account_deleted']);
    expect(await lettersTo(app, 'root@example.com')).toEqual(['verification']);
  });

  it('takes the links with it, and what waits in the queue comes to nothing', async () => {
    const { app, root, sessions, path } = await withAdmin({ LIMIT_MAIL: '100/1h' });
    const token = await resetSecret(app);
    await changeEmail(sessions[0] as never, 'new@example.com');
    const move = await secretTo(app, 'change_email', 'new@example.com');
    const sent = app.mail.sent.length;
    await sessions[1]?.post('/auth/email/verification');
    await remove(root, path);
    await app.settled();
    expect(app.mail.sent.slice(sent)).toHaveLength(1);
    expect(await queued(app)).toEqual([]);
    expect(outcomeOf(await reset(app.client(), token))).toEqual(INVALID);
    expect(outcomeOf(await verify(app.client(), move))).toEqual(INVALID);
    const links = await app.sql(sql`SELECT * FROM link_tokens WHERE address <> 'root@example.com'`);
    expect(links).toEqual([]);
  });

  it('frees the address for somebody new, whom no old session signs in', async () => {
    const { app, root, sessions, path } = await withAdmin();
    await remove(root, path);
    await app.registered();
    for (const session of sessions) expectNobody(await session.get('/auth/session'));
  });

  it('is 404 for somebody who is not there, also the second time', async () => {
    const { root, path } = await withAdmin();
    expectRefused(await remove(root, '/admin/users/nobody'), 404, 'not_found');
    expect((await remove(root, path)).status).toBe(204);
    expectRefused(await remove(root, path), 404, 'not_found');
  });

  it('is refused for the last admin, and not for the one before', async () => {
    const { app, root, rootUser, user, path } = await withAdmin();
    const own = `/admin/users/${rootUser.id}`;
    expectRefused(await remove(root, own), 409, 'last_admin');
    expect(await countUsers(app)).toBe(2);
    await confirm(app, user);
    await root.request('PATCH', path, { json: { roles: ['admin'] } });
    expect((await remove(root, own)).status).toBe(204);
    expectNobody(await root.get('/auth/session'));
    const { client: heir } = await signedIn(app);
    expectRefused(await remove(heir, `/admin/users/${user.id}`), 409, 'last_admin');
  });

  it('of two admins who delete each other leaves one', async () => {
    const { app, root, rootUser, user, path } = await withAdmin();
    await confirm(app, user);
    await root.request('PATCH', path, { json: { roles: ['admin'] } });
    const { client: other } = await signedIn(app);
    const answers = await Promise.all([
      remove(root, path),
      remove(other, `/admin/users/${rootUser.id}`),
    ]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await countUsers(app)).toBe(1);
  });

  it('asks for the role, and for a login of the last ten minutes', async () => {
    const { app, root, rootUser, sessions, path } = await withAdmin();
    expectRefused(await remove(app.client(), path), 401, 'not_signed_in');
    for (const target of [path, `/admin/users/${rootUser.id}`]) {
      expectRefused(await remove(sessions[0] as never, target), 403, 'forbidden');
    }
    await app.advance(minutes(10) + seconds(5));
    expectRefused(await remove(root, path), 403, 'recent_login_required');
    expect(await countUsers(app)).toBe(2);
  });

  it('is recorded with the admin who did it', async () => {
    const { root, rootUser, user, path } = await withAdmin();
    await remove(root, path);
    const { events } = (await root.get(`/admin/events?user=${user.id}&kind=deleted`)).json;
    expect(events).toMatchObject([{ kind: 'deleted', actorId: rootUser.id }]);
  });
});
