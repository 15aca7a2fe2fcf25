import { describe, expect, it } from 'vitest';
import { cardKey } from '../../src/session/keys.ts';
import { createTestApp, sql } from '../support/app.ts';
import { cookieOf, counterOf, expectNobody, login } from '../support/requests.ts';

const CLEARING = { value: '', attributes: ['HttpOnly', 'Max-Age=0', 'Path=/', 'SameSite=Lax'] };

describe('a session after its logout', () => {
  it('is not signed in by a replayed cookie, on any route', async () => {
    const { client: browser } = await (await createTestApp()).registered();
    const stolen = browser.copy();
    expect((await stolen.get('/auth/verify')).status).toBe(204);
    expect((await browser.post('/auth/logout')).status).toBe(204);

    expectNobody(await stolen.get('/auth/session'));
    expect((await stolen.get('/auth/verify')).status).toBe(401);
    expect((await stolen.get('/')).text).toContain('You are not signed in.');
    expect((await stolen.get('/login')).status).toBe(200);
  });

  it('is not revived by a login, a logout or a write with the replayed cookie', async () => {
    const app = await createTestApp();
    const { client: browser } = await app.registered();
    const stolen = browser.copy();
    await browser.post('/auth/logout');
    for (const again of [
      () => stolen.copy().post('/counter'),
      () => stolen.copy().post('/auth/logout'),
      () => login(stolen.copy()),
      () => login(stolen.copy(), { password: 'wrong' }),
    ]) {
      await again();
      expectNobody(await stolen.get('/auth/session'));
    }
  });

  it('is over for every copy of the cookie, and for no other session of the user', async () => {
    const app = await createTestApp();
    const { client: browser } = await app.registered();
    const elsewhere = app.client();
    await login(elsewhere);
    const copies = [browser.copy(), browser.copy()];
    await browser.post('/auth/logout');
    for (const copy of copies) expectNobody(await copy.get('/auth/session'));
    expect((await elsewhere.get('/auth/session')).json.user).not.toBeNull();
  });

  it('leaves nothing of an anonymous session either', async () => {
    const app = await createTestApp();
    const visitor = app.client();
    await visitor.post('/counter');
    const copy = visitor.copy();
    expect((await visitor.post('/auth/logout')).status).toBe(204);
    expect(await counterOf(copy)).toBe(0);
  });
});

describe('logout', () => {
  it('clears the cookie with exactly the attributes it was set with', async () => {
    const { client } = await (await createTestApp()).registered();
    const answer = await client.post('/auth/logout');
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(cookieOf(answer)).toEqual({ name: 'gatehouse', ...CLEARING });
    expect(client.cookie('gatehouse')).toBeUndefined();
  });

  it('clears the prefixed cookie, as Secure, over https', async () => {
    const app = await createTestApp({ env: { BASE_URL: 'https://auth.example.com' } });
    const { client } = await app.registered();
    expect(cookieOf(await client.post('/auth/logout'))).toEqual({
      name: '__Host-gatehouse',
      value: '',
      attributes: [...CLEARING.attributes, 'Secure'],
    });
  });

  it('answers 204 and clears the cookie when nobody is signed in', async () => {
    const app = await createTestApp({ store: 'rest' });
    await app.asked();
    const answer = await app.client().post('/auth/logout');
    expect(answer.status).toBe(204);
    expect(cookieOf(answer)).toEqual({ name: 'gatehouse', ...CLEARING });
    expect((await app.asked()).commands).toEqual([]);
  });

  it('answers 204 and clears the cookie a second time', async () => {
    const { client } = await (await createTestApp()).registered();
    const second = client.copy();
    await client.post('/auth/logout');
    const answer = await second.post('/auth/logout');
    expect(answer.status).toBe(204);
    expect(cookieOf(answer)).toEqual({ name: 'gatehouse', ...CLEARING });
  });

  it('answers 204 and clears the cookie of a session that expired', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await app.advance(25 * 60 * 60 * 1000);
    const answer = await client.post('/auth/logout');
    expect(answer.status).toBe(204);
    expect(cookieOf(answer)).toEqual({ name: 'gatehouse', ...CLEARING });
  });

  it('answers 204 and clears a cookie that was garbled', async () => {
    const app = await createTestApp();
    const answer = await app.client().post('/auth/logout', { headers: { cookie: 'gatehouse=x' } });
    expect(answer.status).toBe(204);
    expect(cookieOf(answer)).toEqual({ name: 'gatehouse', ...CLEARING });
  });

  it('keeps the session and the cookie while the store does not answer', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    await app.breakStore('status-500');
    const answer = await client.post('/auth/logout');
    expect([answer.status, answer.json.code]).toEqual([503, 'unavailable']);
    expect(answer.cookies).toEqual([]);
    await app.breakStore(null);
    expect((await client.get('/auth/session')).json.user).not.toBeNull();
  });
});

describe('a dead cookie', () => {
  it('is not cleared by a read, because a late answer could erase a newer one', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const dead = client.copy();
    await client.post('/auth/logout');
    for (const path of ['/auth/session', '/auth/verify', '/', '/login', '/logout', '/nowhere']) {
      expect((await dead.get(path)).cookies, path).toEqual([]);
    }
  });
});

describe('a session of a user who was deleted and made again by an import', () => {
  it('is not revived by the new row of the same id', async () => {
    const app = await createTestApp();
    const { client, user } = await app.registered();
    const before = client.copy();
    expect((await before.get('/auth/session')).json.user.id).toBe(user.id);
    await app.sql(sql`UPDATE users SET created_at = created_at + 1 WHERE id = ${user.id}`);
    await app.redis.inner.delete([cardKey(user.id)]);
    expect((await before.get('/auth/session')).json.user).toBeNull();
    const again = app.client();
    expect((await login(again)).status).toBe(200);
    expect((await again.get('/auth/session')).json.user.id).toBe(user.id);
  });
});
