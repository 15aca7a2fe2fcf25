import { describe, expect, it } from 'vitest';
import { expectRefused, listed, patch, remove, sessionOf, signedIn } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import { cookieOf, expectNobody } from '../support/requests.ts';

const CLEARED = {
  name: 'gatehouse',
  value: '',
  attributes: ['HttpOnly', 'Max-Age=0', 'Path=/', 'SameSite=Lax'],
};

describe('DELETE /auth/sessions/{id}', () => {
  it('ends that session at once, and no other', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const { client: lost, session } = await signedIn(app);
    const { client: other } = await signedIn(app);
    await sessionOf(lost);
    const answer = await remove(client, `/auth/sessions/${session.id}`);
    expect([answer.status, answer.text, answer.cookies]).toEqual([204, '', []]);
    expectNobody(await lost.get('/auth/session'));
    expect((await lost.get('/auth/verify')).status).toBe(401);
    expect(await sessionOf(client)).toBeDefined();
    expect(await sessionOf(other)).toBeDefined();
  });

  it('is not found the second time', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const { session } = await signedIn(app);
    await remove(client, `/auth/sessions/${session.id}`);
    expectRefused(await remove(client, `/auth/sessions/${session.id}`), 404, 'not_found');
  });

  it('clears the cookie when it is the session that asks', async () => {
    const { client, session } = await (await createTestApp()).registered();
    const stolen = client.copy();
    const answer = await remove(client, `/auth/sessions/${session.id}`);
    expect(answer.status).toBe(204);
    expect(cookieOf(answer)).toEqual(CLEARED);
    expectNobody(await stolen.get('/auth/session'));
  });

  it('does not end the session of somebody else', async () => {
    const app = await createTestApp();
    const { client: victim, session } = await app.registered();
    const { client: eve } = await app.registered('eve@example.com');
    expectRefused(await remove(eve, `/auth/sessions/${session.id}`), 404, 'not_found');
    expect(await sessionOf(victim)).toBe(session.id);
  });

  it('does not end an anonymous session', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const visitor = app.client();
    await patch(visitor, '/auth/session/data', { kept: 1 });
    const [id] = (visitor.cookie('gatehouse') ?? '').split('.');
    expectRefused(await remove(client, `/auth/sessions/${id}`), 404, 'not_found');
    expect((await visitor.get('/auth/session/data')).json).toEqual({ kept: 1 });
  });

  it.each([
    'A'.repeat(22),
    'nonsense',
    '*',
    '%2a',
    '%00',
    '%E0%A4%A',
    '..%2F..%2Fusers',
    '%F0%9F%8D%AA',
    'x'.repeat(2000),
  ])('answers 404 to the id %s', async (id) => {
    const { client, session } = await (await createTestApp()).registered();
    expectRefused(await remove(client, `/auth/sessions/${id}`), 404, 'not_found');
    expect(await sessionOf(client)).toBe(session.id);
  });

  it('does not revive a session ended while a save was in flight', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const { client: tab, session } = await signedIn(app);
    await sessionOf(tab);
    const save = app.redis.hold('compareAndSet');
    const saving = patch(tab, '/auth/session/data', { late: true });
    await save.arrived;
    expect((await remove(client, `/auth/sessions/${session.id}`)).status).toBe(204);
    save.release();
    expectRefused(await saving, 401, 'not_signed_in');
    expectNobody(await tab.get('/auth/session'));
  });
});

describe('DELETE /auth/sessions', () => {
  it('ends all others at once, counts them, and leaves the one that asks as it was', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    const { client: gone } = await signedIn(app);
    await gone.post('/auth/logout');
    const others = [await signedIn(app), await signedIn(app), await signedIn(app)];
    for (const { client: other } of others) await sessionOf(other);
    const { client: eve } = await app.registered('eve@example.com');

    const token = client.cookie('gatehouse');
    const answer = await remove(client, '/auth/sessions');
    expect([answer.status, answer.json, answer.cookies]).toEqual([200, { revoked: 3 }, []]);
    for (const { client: other } of others) expectNobody(await other.get('/auth/session'));
    expect(client.cookie('gatehouse')).toBe(token);
    expect(await sessionOf(client)).toBe(session.id);
    expect((await listed(client)).map(({ id }) => id)).toEqual([session.id]);
    expect((await patch(client, '/auth/session/data', { works: true })).status).toBe(200);
    expect((await remove(client, '/auth/sessions')).json).toEqual({ revoked: 0 });
    expect(await sessionOf(eve)).toBeDefined();
  });

  it('ends all with include=current, and clears the cookie', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const { client: other } = await signedIn(app);
    const copy = client.copy();
    const answer = await remove(client, '/auth/sessions?include=current');
    expect([answer.status, answer.json]).toEqual([200, { revoked: 2 }]);
    expect(cookieOf(answer)).toEqual(CLEARED);
    expectNobody(await copy.get('/auth/session'));
    expectNobody(await other.get('/auth/session'));
    expect(await listed((await signedIn(app)).client)).toHaveLength(1);
  });

  it('by a session that was ended meanwhile ends nothing', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const { client: stolen } = await signedIn(app);
    await sessionOf(stolen);
    const marking = app.redis.hold('put');
    const ending = remove(stolen, '/auth/sessions?include=current');
    await marking.arrived;
    expect((await remove(client, '/auth/sessions')).json).toEqual({ revoked: 1 });
    marking.release();
    expectRefused(await ending, 401, 'not_signed_in');
    expect(await sessionOf(client)).toBeDefined();
  });

  it('lets one of two that end each other at once stay, and not both', async () => {
    const app = await createTestApp();
    const { client: one } = await app.registered();
    const { client: two } = await signedIn(app);
    await sessionOf(one);
    await sessionOf(two);
    const answers = await Promise.all([
      remove(one, '/auth/sessions'),
      remove(two, '/auth/sessions'),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const alive = [await sessionOf(one), await sessionOf(two)];
    expect(alive.filter((id) => id !== undefined)).toHaveLength(1);
  });
});

describe('somebody who is not signed in', () => {
  it.each([
    ['GET', '/auth/sessions'],
    ['DELETE', '/auth/sessions'],
    ['DELETE', '/auth/sessions?include=current'],
    ['DELETE', '/auth/sessions/AAAAAAAAAAAAAAAAAAAAAA'],
  ])('gets 401 from %s %s, with an anonymous session too', async (method, path) => {
    const app = await createTestApp();
    expectRefused(await app.client().request(method, path), 401, 'not_signed_in');
    const visitor = app.client();
    await patch(visitor, '/auth/session/data', { kept: 1 });
    expectRefused(await visitor.request(method, path), 401, 'not_signed_in');
    expect((await visitor.get('/auth/session/data')).json).toEqual({ kept: 1 });
  });

  it('ends nothing with a session that is over', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const stolen = client.copy();
    const { client: other, session } = await signedIn(app);
    await client.post('/auth/logout');
    for (const path of ['', '?include=current', `/${session.id}`]) {
      expectRefused(await remove(stolen, `/auth/sessions${path}`), 401, 'not_signed_in');
    }
    expect(await sessionOf(other)).toBe(session.id);
  });
});
