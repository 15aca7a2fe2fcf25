import { describe, expect, it } from 'vitest';
import { cardKey } from '../../src/session/keys.ts';
import { days, minutes, seconds } from '../../src/time.ts';
import { expectRefused, listed, patch, remove, sessionOf, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { cookieOf, expectLimited, expectNobody } from '../support/requests.ts';

const prove = (client: Client, password = PASSWORD) =>
  client.post('/auth/reauthenticate', { json: { password } });

const ATTRIBUTES = ['HttpOnly', 'Path=/', 'SameSite=Lax'];

describe('POST /auth/reauthenticate', () => {
  it('gives the same session a new token, and the old one is dead ten seconds later', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    const stolen = client.copy();
    const answer = await prove(client);
    expect([answer.status, Object.keys(answer.json)]).toEqual([200, ['session']]);
    expect(answer.json.session).toMatchObject({ id: session.id, current: true });
    expect(cookieOf(answer)).toMatchObject({ name: 'gatehouse', attributes: ATTRIBUTES });
    expect(client.cookie('gatehouse')).not.toBe(stolen.cookie('gatehouse'));
    expectRefused(await prove(stolen), 401, 'not_signed_in');
    await app.advance(seconds(10));
    expectNobody(await stolen.get('/auth/session'));
    expect(await sessionOf(client)).toBe(session.id);
    expect(await listed(client)).toHaveLength(1);
  });

  it('moves authenticatedAt, and neither the beginning nor the absolute end', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    await app.advance(minutes(20));
    const { json } = await prove(client);
    const moved = Date.parse(json.session.authenticatedAt) - Date.parse(session.authenticatedAt);
    expect(moved).toBeGreaterThanOrEqual(minutes(20));
    expect(moved).toBeLessThan(minutes(21));
    const { createdAt, absoluteExpiresAt } = session;
    expect(json.session).toMatchObject({ createdAt, absoluteExpiresAt });
    expect((await client.get('/auth/session')).json.session).toEqual(json.session);
  });

  it('keeps the data of the session', async () => {
    const { client } = await (await createTestApp()).registered();
    await patch(client, '/auth/session/data', { cart: [1, 2] });
    await prove(client);
    expect((await client.get('/auth/session/data')).json).toEqual({ cart: [1, 2] });
  });

  it('sends of a remembered session the Max-Age that is left', async () => {
    const app = await createTestApp();
    await app.registered();
    const { client, session } = await signedIn(app, { remember: true });
    await app.advance(days(3));
    const answer = await prove(client);
    const { attributes } = cookieOf(answer);
    const left = Number(attributes.find((part) => part.startsWith('Max-Age='))?.slice(8));
    expect(left).toBeLessThanOrEqual(days(27) / 1000);
    expect(left).toBeGreaterThan((days(27) - minutes(1)) / 1000);
    expect(answer.json.session.absoluteExpiresAt).toBe(session.absoluteExpiresAt);
    await app.advance(days(13));
    expect(await sessionOf(client)).toBe(session.id);
  });

  it('answers 401 to a wrong password, and leaves the person signed in', async () => {
    const { client, session } = await (await createTestApp()).registered();
    const token = client.cookie('gatehouse');
    expectRefused(await prove(client, 'not the password'), 401, 'invalid_credentials');
    expect(client.cookie('gatehouse')).toBe(token);
    expect((await client.get('/auth/session')).json.session).toEqual(session);
  });

  it('is for people who are signed in, and takes a password and nothing else', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    expectRefused(await prove(app.client()), 401, 'not_signed_in');
    for (const json of [{}, { password: 7 }, { password: PASSWORD, remember: true }, []]) {
      const answer = await client.post('/auth/reauthenticate', { json });
      expectRefused(answer, 400, 'invalid_request');
    }
    const form = await client.post('/auth/reauthenticate', { form: { password: PASSWORD } });
    expect([form.status, form.cookies]).toEqual([415, []]);
  });
});

describe('guessing the password of a stolen session', () => {
  it('is over after five failures in ten minutes, in this session alone', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    const { client: other } = await signedIn(app);
    for (let i = 0; i < 5; i += 1) {
      expectRefused(await prove(client, `guess ${i}`), 401, 'invalid_credentials');
    }
    expectLimited(await prove(client));
    expect(await sessionOf(client)).toBe(session.id);
    expect((await prove(other)).status).toBe(200);
    await app.advance(minutes(10) + seconds(1));
    expect((await prove(client)).status).toBe(200);
  });

  it('is not sped up by guessing twenty at once', async () => {
    const { client } = await (await createTestApp()).registered();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => prove(client, `guess ${i}`)),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it('is counted by LIMIT_PASSWORD, and what succeeded is not counted', async () => {
    const app = await createTestApp({ env: { LIMIT_PASSWORD: '2/1m' } });
    const { client } = await app.registered();
    for (let i = 0; i < 4; i += 1) expect((await prove(client)).status).toBe(200);
    for (let i = 0; i < 2; i += 1) expect((await prove(client, 'wrong')).status).toBe(401);
    expectLimited(await prove(client));
    await app.advance(seconds(61));
    expect((await prove(client)).status).toBe(200);
  });
});

describe('a reauthentication that overlaps', () => {
  it('a save with the old token refuses the save', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await sessionOf(client);
    const tab = client.copy();
    const save = app.redis.hold('compareAndSet');
    const saving = patch(tab, '/auth/session/data', { late: true });
    await save.arrived;
    expect((await prove(client)).status).toBe(200);
    save.release();
    expectRefused(await saving, 401, 'not_signed_in');
    expect((await client.get('/auth/session/data')).json).toEqual({});
  });

  it.each([
    ['its logout', (other: Client) => other.post('/auth/logout')],
    ['the end of all sessions', (other: Client) => remove(other, '/auth/sessions?include=current')],
  ])('%s does not bring the session back', async (_name, end) => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await sessionOf(client);
    const other = client.copy();
    const renewal = app.redis.hold('compareAndSet');
    const proving = prove(client);
    await renewal.arrived;
    expect((await end(other)).status).toBeLessThan(300);
    renewal.release();
    expectRefused(await proving, 401, 'not_signed_in');
    expectNobody(await client.get('/auth/session'));
  });

  it('an end of all sessions by the database does not carry the session over', async () => {
    const app = await createTestApp();
    const { client, user } = await app.registered();
    await sessionOf(client);
    // The card still says the old epoch; the row, which the proof is checked against, does not.
    await app.sql(sql`UPDATE users SET epoch = epoch + 1 WHERE id = ${user.id}`);
    expectRefused(await prove(client), 401, 'not_signed_in');
  });

  it('another one leaves one token that works', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await sessionOf(client);
    const tabs = [client.copy(), client.copy()];
    const answers = await Promise.all(tabs.map((tab) => prove(tab)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    await app.advance(seconds(10));
    const alive = await Promise.all(tabs.map(sessionOf));
    expect(alive.filter((id) => id !== undefined)).toHaveLength(1);
  });
});

/** Somebody who has just proved again who they are, and a tab that still has the token before. */
async function proved() {
  const app = await createTestApp();
  const { client, user, session } = await app.registered();
  await app.advance(minutes(1));
  const tab = client.copy();
  expect((await prove(client)).status).toBe(200);
  return { app, client, tab, user, session };
}

describe('the token before a reauthentication', () => {
  it('reads for ten seconds, as what it was, without a cookie and without a write', async () => {
    const { app, tab, session } = await proved();
    const answer = await tab.get('/auth/session');
    const { authenticatedAt } = answer.json.session;
    expect([answer.cookies, authenticatedAt]).toEqual([[], session.authenticatedAt]);
    for (const path of ['/auth/sessions', '/auth/session/data', '/account']) {
      const { status, cookies } = await tab.get(path);
      expect([status, cookies], path).toEqual([200, []]);
    }
    expect((await tab.request('HEAD', '/auth/verify')).status).toBe(204);
    await app.advance(seconds(9));
    expect(await sessionOf(tab)).toBe(session.id);
    await app.advance(seconds(1));
    expectNobody(await tab.get('/auth/session'));
  });

  it('signs in thirty reads that were on their way meanwhile', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    await sessionOf(client);
    const tab = client.copy();
    const renewal = app.redis.hold('compareAndSet', 'after');
    const proving = prove(client);
    await renewal.arrived;
    const during = await Promise.all(Array.from({ length: 15 }, () => sessionOf(tab)));
    renewal.release();
    await proving;
    const after = await Promise.all(Array.from({ length: 15 }, () => sessionOf(tab)));
    expect([...new Set([...during, ...after])]).toEqual([session.id]);
  });

  it('does nothing that is unsafe', async () => {
    const { tab } = await proved();
    expectRefused(await patch(tab, '/auth/user', { name: 'Eve' }), 401, 'not_signed_in');
    expectRefused(await remove(tab, '/auth/sessions'), 401, 'not_signed_in');
    expectRefused(await tab.post('/auth/email/verification'), 401, 'not_signed_in');
  });

  it('is no activity: the session idles as if it had not asked', async () => {
    const { app, client, tab } = await proved();
    await app.advance(minutes(7));
    expect((await prove(client)).status).toBe(200);
    const before = (await client.get('/auth/session')).json.session.lastSeenAt;
    await app.advance(seconds(9));
    await tab.get('/auth/session');
    expect((await client.get('/auth/session')).json.session.lastSeenAt).toBe(before);
  });

  it('leaves a notice for the page that comes next', async () => {
    const { client, tab } = await proved();
    await client.post('/account/name', { form: { name: 'Ada' } });
    const page = async (browser: Client) => (await browser.get('/account')).text;
    const notice = 'class="notice';
    const [read, next] = [await page(tab), await page(client)];
    expect([read.includes(notice), next.includes(notice)]).toEqual([true, true]);
  });

  const ENDINGS: Record<string, (scene: Awaited<ReturnType<typeof proved>>) => Promise<unknown>> = {
    'a logout': ({ client }) => client.post('/auth/logout'),
    'another reauthentication': ({ client }) => prove(client),
    'a change of the password': ({ client }) =>
      client.post('/auth/password', {
        json: { currentPassword: PASSWORD, newPassword: 'another horse battery staple' },
      }),
    'the end of all other sessions': ({ client }) => remove(client, '/auth/sessions'),
    'the end of all sessions': ({ client }) => remove(client, '/auth/sessions?include=current'),
    'a new epoch': async ({ app, user }) => {
      await app.sql(sql`UPDATE users SET epoch = epoch + 1 WHERE id = ${user.id}`);
      await app.redis.inner.delete([cardKey(user.id)]);
    },
    'disabling its user': async ({ app, user }) => {
      await app.sql(sql`UPDATE users SET disabled = 1 WHERE id = ${user.id}`);
      await app.redis.inner.delete([cardKey(user.id)]);
    },
  };

  it.each(Object.keys(ENDINGS))('is dead at once after %s', async (name) => {
    const scene = await proved();
    expect(await sessionOf(scene.tab)).toBe(scene.session.id);
    await ENDINGS[name]?.(scene);
    expectNobody(await scene.tab.get('/auth/session'));
  });
});
