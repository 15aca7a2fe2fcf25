import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, type TestAppOptions } from '../support/app.ts';
import { cookieOf, expectNobody, login } from '../support/requests.ts';

/** Two browsers of one user, whose card is cached. */
async function twoBrowsers(options: TestAppOptions = {}) {
  const app = await createTestApp(options);
  const { client } = await app.registered();
  const elsewhere = app.client();
  await login(elsewhere);
  await client.get('/auth/session');
  return { app, client, elsewhere };
}

const signedIn = async (client: { get(path: string): Promise<{ json: { user: unknown } }> }) =>
  (await client.get('/auth/session')).json.user !== null;

describe('an answer of the store that is lost', () => {
  it('does not sign out who ended all other sessions', async () => {
    const { app, client, elsewhere } = await twoBrowsers();
    app.redis.loseAnswer('compareAndSet');
    const answer = await client.request('DELETE', '/auth/sessions');
    expect([answer.status, answer.json]).toEqual([200, { revoked: 1 }]);
    expect(await signedIn(client)).toBe(true);
    expectNobody(await elsewhere.get('/auth/session'));
  });

  it('does not sign out who changed the password', async () => {
    const { app, client } = await twoBrowsers();
    app.redis.loseAnswer('compareAndSet');
    const json = { currentPassword: PASSWORD, newPassword: 'another horse battery staple' };
    expect((await client.post('/auth/password', { json })).status).toBe(204);
    expect(await signedIn(client)).toBe(true);
  });

  it('does not sign out who proved the password again', async () => {
    const { app, client } = await twoBrowsers();
    app.redis.loseAnswer('compareAndSet');
    const json = { password: PASSWORD };
    expect((await client.post('/auth/reauthenticate', { json })).status).toBe(200);
    expect(await signedIn(client)).toBe(true);
  });

  it('does not say no when only records of ended sessions are left behind', async () => {
    const { app, client, elsewhere } = await twoBrowsers();
    const records = app.redis.hold('delete', 'after');
    const ending = client.request('DELETE', '/auth/sessions?include=current');
    // The user's card is gone; what is deleted next are the records.
    await records.arrived;
    app.redis.loseAnswer('delete');
    records.release();
    const answer = await ending;
    expect([answer.status, answer.json]).toEqual([200, { revoked: 2 }]);
    expectNobody(await client.get('/auth/session'));
    expectNobody(await elsewhere.get('/auth/session'));
  });
});

describe('an answer to the last step of a change that is lost', () => {
  it('does not sign out who changed the password', async () => {
    const { app, client } = await twoBrowsers();
    app.redis.loseAnswer('delete');
    const json = { currentPassword: PASSWORD, newPassword: 'another horse battery staple' };
    expect((await client.post('/auth/password', { json })).status).toBe(204);
    expect(await signedIn(client)).toBe(true);
  });

  it('does not sign out who changed the password, when that step can not be done and the answer is no', async () => {
    const { app, client } = await twoBrowsers({ store: 'rest' });
    const last = app.redis.hold('delete');
    const json = { currentPassword: PASSWORD, newPassword: 'another horse battery staple' };
    const changing = client.post('/auth/password', { json });
    await last.arrived;
    await app.breakStore('status-500');
    last.release();
    const answer = await changing;
    expect([answer.status, answer.json.code]).toEqual([503, 'unavailable']);
    // Beside it stands that of the device, which is known from then on.
    expect(cookieOf(answer)).toMatchObject({
      name: 'gatehouse',
      value: expect.stringMatching(/.{20,}/),
    });
    await app.breakStore(null);
    expect(await signedIn(client)).toBe(true);
  });

  it.each([
    ['password', { currentPassword: PASSWORD, newPassword: 'another horse battery staple' }],
    ['email', { email: 'new@example.com', password: PASSWORD }],
  ])('of the form of the %s does not keep the new cookie back', async (name, form) => {
    const { app, client } = await twoBrowsers({ store: 'rest' });
    const renewed = app.redis.hold('compareAndSet', 'after');
    const sending = client.post(`/account/${name}`, { form });
    await renewed.arrived;
    // What is left to write is what the next page says.
    const saying = app.redis.hold('compareAndSet');
    renewed.release();
    await saying.arrived;
    await app.breakStore('status-500');
    saying.release();
    const answer = await sending;
    expect([answer.status, answer.headers.get('location')]).toEqual([503, null]);
    expect(answer.cookies).toEqual([expect.stringMatching(/^gatehouse=.{20,}/)]);
    await app.breakStore(null);
    expect(await signedIn(client)).toBe(true);
  });

  it('does not answer no to who deleted the account', async () => {
    const { app, client } = await twoBrowsers();
    const card = app.redis.hold('delete', 'after');
    const removing = client.request('DELETE', '/auth/user', { json: { password: PASSWORD } });
    await card.arrived;
    app.redis.loseAnswer('delete');
    card.release();
    expect((await removing).status).toBe(204);
    expectNobody(await client.get('/auth/session'));
  });
});

describe('a database that is down', () => {
  it("uses up nobody's tries to sign in", async () => {
    const app = await createTestApp();
    await app.registered();
    app.breakDatabase('status-500');
    for (let i = 0; i < 12; i += 1) expect((await login(app.client())).status).toBe(503);
    app.breakDatabase(null);
    expect((await login(app.client())).status).toBe(200);
  });

  it("uses up nobody's tries to prove the password", async () => {
    const { app, client } = await twoBrowsers();
    app.breakDatabase('status-500');
    for (let i = 0; i < 7; i += 1) {
      const answer = await client.post('/auth/reauthenticate', { json: { password: PASSWORD } });
      expect(answer.status).toBe(503);
    }
    app.breakDatabase(null);
    const answer = await client.post('/auth/reauthenticate', { json: { password: PASSWORD } });
    expect(answer.status).toBe(200);
  });
});

describe('a logout with a planted second cookie', () => {
  it('ends the session that is really there', async () => {
    const { app, client } = await twoBrowsers();
    const real = client.cookie('gatehouse');
    const cookie = `gatehouse=planted; gatehouse=${real}`;
    await app.client().post('/auth/logout', { headers: { cookie } });
    expectNobody(await client.get('/auth/session'));
  });
});

describe('clicks on the counter', () => {
  it('all count, however many come at once', async () => {
    const { client } = await twoBrowsers();
    const clicks = Array.from({ length: 10 }, () => client.copy().post('/counter'));
    for (const click of clicks) expect((await click).status).toBe(303);
    expect((await client.get('/')).text).toContain('<dd>10</dd>');
  });
});
