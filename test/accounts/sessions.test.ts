import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/time.ts';
import { listed, remove, sessionOf, signedIn } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import { expectNobody, from, login } from '../support/requests.ts';

describe('GET /auth/sessions', () => {
  it('says of each session what the contract says, and nothing else', async () => {
    const app = await createTestApp();
    await app.registered();
    const { client } = await signedIn(
      app,
      {},
      { 'user-agent': 'Firefox', ...from('192.0.2.7').headers },
    );
    const [newest] = await listed(client);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(newest).toEqual({
      id: expect.stringMatching(/^[\w-]{22}$/),
      current: true,
      createdAt: time,
      lastSeenAt: time,
      authenticatedAt: time,
      expiresAt: time,
      absoluteExpiresAt: time,
      methods: ['password'],
      ip: '192.0.2.7',
      userAgent: 'Firefox',
    });
    expect(Date.parse(newest.expiresAt) - Date.parse(newest.createdAt)).toBe(hours(1));
    expect(Date.parse(newest.absoluteExpiresAt) - Date.parse(newest.createdAt)).toBe(hours(24));
    expect(newest).toEqual((await client.get('/auth/session')).json.session);
  });

  it('lists the newest first, and marks the one that asks', async () => {
    const app = await createTestApp();
    const { client: first, session } = await app.registered();
    const ids = [session.id];
    for (let i = 0; i < 3; i += 1) {
      await app.advance(seconds(2));
      ids.unshift((await signedIn(app)).session.id);
    }
    const sessions = await listed(first);
    expect(sessions.map(({ id }) => id)).toEqual(ids);
    expect(sessions.map(({ current }) => current)).toEqual([false, false, false, true]);
  });

  it('shows nothing to a session that is over, whatever becomes of the list', async () => {
    const app = await createTestApp({ store: 'rest' });
    await app.registered();
    const { client } = await signedIn(app);
    const copy = client.copy();
    expect((await client.post('/auth/logout')).status).toBe(204);
    expect((await copy.get('/auth/sessions')).status).toBe(401);
    app.redis.loseAnswer('listIndexed');
    expect((await copy.get('/auth/sessions')).status).toBe(401);
  });

  it('is 503 when the list can not be read, and keeps the session', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    app.redis.loseAnswer('listIndexed');
    const answer = await client.get('/auth/sessions');
    expect(answer.status).toBe(503);
    expect(answer.cookies).toEqual([]);
    expect(await listed(client)).toHaveLength(1);
  });

  it('shows only what is live: nothing that expired, was logged out or was ended', async () => {
    const app = await createTestApp();
    await app.registered();
    await app.advance(minutes(50));
    const { client: out } = await signedIn(app);
    const { session: ended } = await signedIn(app);
    const { client, session } = await signedIn(app);
    expect((await out.post('/auth/logout')).status).toBe(204);
    expect((await remove(client, `/auth/sessions/${ended.id}`)).status).toBe(204);
    expect(await listed(client)).toHaveLength(2);
    await app.advance(minutes(11));
    expect((await listed(client)).map(({ id }) => id)).toEqual([session.id]);
  });

  it('does not show a login that was in flight when the other sessions were ended', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    await sessionOf(client);
    const late = app.client();
    const creating = app.redis.hold('addIndexed');
    const signing = login(late);
    await creating.arrived;
    expect((await remove(client, '/auth/sessions')).status).toBe(200);
    creating.release();
    expect((await signing).status).toBe(200);
    expect((await listed(client)).map(({ id }) => id)).toEqual([session.id]);
    expectNobody(await late.get('/auth/session'));
    // And it is not counted among those that are ended later.
    expect((await remove(client, '/auth/sessions')).json).toEqual({ revoked: 0 });
  });

  it('shows nobody the sessions of somebody else', async () => {
    const app = await createTestApp();
    const { session } = await app.registered();
    const { client: eve, session: own } = await app.registered('eve@example.com');
    expect((await listed(eve)).map(({ id }) => id)).toEqual([own.id]);
    expect((await eve.get('/auth/sessions')).text).not.toContain(session.id);
  });

  it('keeps an endless user agent short', async () => {
    const app = await createTestApp();
    await app.registered();
    const { session } = await signedIn(app, {}, { 'user-agent': 'x'.repeat(5000) });
    expect(session.userAgent).toBe('x'.repeat(256));
  });
});

describe('SESSION_MAX_PER_USER', () => {
  it('ends an old session and no remembered one that is live, when others have expired', async () => {
    const app = await createTestApp({ env: { SESSION_MAX_PER_USER: '3' } });
    await app.registered();
    const { client: remembered } = await signedIn(app, { remember: true });
    await signedIn(app);
    await app.advance(hours(2));
    await signedIn(app);
    const { client: last } = await signedIn(app);
    expect(await sessionOf(remembered)).toBeDefined();
    expect(await listed(last)).toHaveLength(3);
    await app.advance(seconds(1));
    const { client: tooMany } = await signedIn(app);
    expectNobody(await remembered.get('/auth/session'));
    expect(await listed(tooMany)).toHaveLength(3);
  });

  it('does not count sessions that their owner has ended', async () => {
    const app = await createTestApp({ env: { SESSION_MAX_PER_USER: '3' } });
    const { client: oldest } = await app.registered();
    for (let round = 0; round < 3; round += 1) {
      const { client } = await signedIn(app);
      await signedIn(app);
      const ended =
        round === 0 ? await client.post('/auth/logout') : await remove(oldest, '/auth/sessions');
      expect(ended.status).toBeLessThan(300);
      if (round === 0)
        expect((await remove(oldest, '/auth/sessions')).json).toEqual({ revoked: 1 });
      expect(await sessionOf(oldest)).toBeDefined();
    }
  });
});
