import { describe, expect, it } from 'vitest';
import { EVENT_KINDS } from '../../src/events/events.ts';
import { minutes } from '../../src/time.ts';
import { admin, confirm, expectRefused, patch, remove, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { costOf, EMAIL, login } from '../support/requests.ts';
import { secretIn } from '../support/test-mailer.ts';

const NEW_PASSWORD = 'another horse battery staple';

/** Kinds of one's own events, newest first. */
async function kindsOf(app: TestApp, client: Client): Promise<string[]> {
  await app.settled();
  const { status, json } = await client.get('/auth/events');
  expect(status).toBe(200);
  return json.events.map(({ kind }: { kind: string }) => kind);
}

describe('the security events of an account', () => {
  it('say what was done to it, when, by whom and from where', async () => {
    const app = await createTestApp();
    await app.registered();
    const headers = { 'user-agent': 'a browser', 'x-test-address': '192.0.2.7' };
    const before = Date.now();
    const { client, user } = await signedIn(app, {}, headers);
    const answer = await login(app.client(headers), { password: 'not the password' });
    await app.settled();
    const { events } = (await client.get('/auth/events')).json;
    expect(events).toEqual([
      {
        id: expect.any(String),
        kind: 'refused',
        userId: user.id,
        actorId: null,
        ip: '192.0.2.7',
        userAgent: 'a browser',
        requestId: answer.headers.get('x-request-id'),
        at: expect.any(String),
      },
      expect.objectContaining({ kind: 'signed_in', actorId: user.id, userAgent: 'a browser' }),
      expect.objectContaining({ kind: 'registered', actorId: user.id, ip: '192.0.2.1' }),
    ]);
    expect(Date.parse(events[0].at)).toBeGreaterThanOrEqual(before);
  });

  it('tell of every change that its owner makes', async () => {
    const app = await createTestApp({ env: { LIMIT_MAIL: '100/1h' } });
    const { client } = await app.registered();
    const json = { password: PASSWORD };
    const [verification] = await app.mailTo(EMAIL);
    await client.post('/auth/email/verify', { json: { token: secretIn(verification) } });
    await client.post('/auth/reauthenticate', { json: { password: 'not it' } });
    await client.post('/auth/reauthenticate', { json });
    // Nothing ends, so nothing is told.
    expect((await remove(client, '/auth/sessions')).json).toEqual({ revoked: 0 });
    await signedIn(app);
    expect((await remove(client, '/auth/sessions')).json).toEqual({ revoked: 1 });
    const other = await signedIn(app);
    await remove(client, `/auth/sessions/${other.session.id}`);
    const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    await client.post('/auth/password', { json: passwords });
    await client.post('/auth/email', { json: { email: 'new@example.com' } });
    const [change] = await app.mailTo('new@example.com');
    await client.post('/auth/email/verify', { json: { token: secretIn(change) } });
    await client.post('/auth/password/forgot', { json: { email: 'new@example.com' } });
    const reset = (await app.mailTo('new@example.com')).at(-1);
    const token = secretIn(reset);
    await app.client().post('/auth/password/reset', { json: { token, ...json } });
    const again = await signedIn(app, { email: 'new@example.com' });
    await app.settled();
    const gone = await signedIn(app, { email: 'new@example.com' });
    await gone.client.post('/auth/logout');
    expect(await kindsOf(app, again.client)).toEqual([
      'signed_out',
      'signed_in',
      'signed_in',
      'password_reset',
      'email_changed',
      'password_changed',
      'revoked',
      'signed_in',
      'revoked',
      'signed_in',
      'reauthenticated',
      'refused',
      'email_verified',
      'registered',
    ]);
  });

  it('are those of the owner alone, a hundred a page', async () => {
    const app = await createTestApp();
    const { client, user } = await app.registered();
    await app.registered('bob@example.com');
    const event = app.services.events;
    const by = { ip: null, userAgent: null, requestId: 'test', language: 'en' } as const;
    for (let n = 0; n < 110; n += 1) {
      event.record({ kind: 'refused', userId: user.id, actorId: null, by });
    }
    const kinds = await kindsOf(app, client);
    expect(kinds).toHaveLength(100);
    const { json } = await client.get('/auth/events');
    expect(json.events.every(({ userId }: { userId: string }) => userId === user.id)).toBe(true);
    const next = (await client.get(`/auth/events?cursor=${json.next}`)).json;
    expect([next.events.length, next.next]).toEqual([11, null]);
    const ids = [...json.events, ...next.events].map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(111);
    const small = (await client.get('/auth/events?limit=2')).json;
    expect([small.events.length, small.next]).toEqual([2, ids[1]]);
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'kind=refused']) {
      expectRefused(await client.get(`/auth/events?${query}`), 400, 'invalid_request');
    }
  });

  it('are for somebody signed in', async () => {
    const app = await createTestApp();
    expectRefused(await app.client().get('/auth/events'), 401, 'not_signed_in');
  });

  it('never delay a signed-in read, and cost a refused login one statement', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    await app.settled();
    await client.get('/auth/session');
    const read = await costOf(app, () => client.get('/auth/session'));
    expect(read).toMatchObject({ commands: ['MGET'], statements: 0 });
    const refused = await costOf(app, async () => {
      await login(app.client(), { password: 'not the password' });
      await app.settled();
    });
    expect(refused.statements).toBe(2);
  });

  it('are not lost with a database that is down for them alone: the login stands', async () => {
    const app = await createTestApp();
    await app.registered();
    const { client } = await signedIn(app);
    app.breakDatabase('status-500');
    await app.settled();
    app.breakDatabase(null);
    expect((await client.get('/auth/session')).json.user).not.toBeNull();
    expect(app.logged.some((line) => line.includes('recording events failed'))).toBe(true);
    expect(await kindsOf(app, client)).toEqual(['signed_in', 'registered']);
  });

  it('are dropped after AUDIT_KEEP', async () => {
    const app = await createTestApp({ env: { AUDIT_KEEP: '1d', SESSION_LIFETIME: '30d' } });
    await app.registered();
    await app.advance(minutes(23 * 60));
    await signedIn(app);
    await app.settled();
    await app.advance(minutes(2 * 60));
    await app.services.prune();
    const rows = await app.sql(sql`SELECT kind FROM events`);
    expect(rows).toEqual([{ kind: 'signed_in' }]);
  });
});

describe('GET /admin/events', () => {
  it('shows everybody’s, by user and by kind, page after page', async () => {
    const app = await createTestApp();
    const root = await admin(app);
    const { user } = await app.registered();
    await confirm(app, user);
    await patch(root.client, `/admin/users/${user.id}`, { disabled: true });
    await patch(root.client, `/admin/users/${user.id}`, { roles: ['editor'], disabled: false });
    await login(app.client(), { email: 'nobody@example.com' });
    await app.settled();
    const kinds = async (query: string) =>
      (await root.client.get(`/admin/events?${query}`)).json.events.map(
        ({ kind }: { kind: string }) => kind,
      );
    expect(await kinds(`user=${user.id}`)).toEqual(
      expect.arrayContaining(['enabled', 'role_changed', 'registered']),
    );
    expect(await kinds('kind=refused')).toEqual(['refused']);
    const first = (await root.client.get('/admin/events?limit=2')).json;
    expect(first.events).toHaveLength(2);
    const second = (await root.client.get(`/admin/events?limit=2&cursor=${first.next}`)).json;
    expect(second.events).toHaveLength(2);
    expect(second.events[0].id < first.events[1].id).toBe(true);
    const all = (await root.client.get('/admin/events?limit=100')).json;
    expect(all.next).toBeNull();
  });

  it('is for admins, and says what it can not be asked', async () => {
    const app = await createTestApp();
    const root = await admin(app);
    const { client } = await app.registered();
    expectRefused(await client.get('/admin/events'), 403, 'forbidden');
    expectRefused(await root.client.get('/admin/events?limit=0'), 400, 'invalid_request');
    expectRefused(await root.client.get('/admin/events?kind=lunch'), 400, 'invalid_request');
    for (const kind of EVENT_KINDS) {
      expect((await root.client.get(`/admin/events?kind=${kind}`)).status).toBe(200);
    }
  });
});
