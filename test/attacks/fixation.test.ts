import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { cookieOf, counterOf, EMAIL, expectNobody, fail, login } from '../support/requests.ts';

const tokenOf = (client: Client) => client.cookie('gatehouse') ?? '';
const carrying = (token: string) => ({ headers: { cookie: `gatehouse=${token}` } });

const register = (client: Client, email = 'eve@example.com') =>
  client.post('/auth/register', { json: { email, password: PASSWORD } });

/** An anonymous session of the attacker's, with a counter of three. */
async function planted() {
  const app = await createTestApp();
  const owner = await app.registered();
  const attacker = app.client();
  for (let i = 0; i < 3; i += 1) await attacker.post('/counter');
  expect(await counterOf(attacker)).toBe(3);
  const victim = app.client();
  victim.setCookie('gatehouse', tokenOf(attacker));
  return { app, owner, attacker, victim };
}

describe('an anonymous session planted in the browser of a victim', () => {
  it.each([
    ['login', (victim: Client) => login(victim)],
    ['register', (victim: Client) => register(victim)],
  ])('is not signed in by %s', async (_name, signIn) => {
    const { attacker, victim } = await planted();
    const old = tokenOf(attacker);
    expect((await signIn(victim)).status).toBeLessThan(300);
    expect(tokenOf(victim)).not.toBe(old);
    expectNobody(await attacker.get('/auth/session'));
  });

  it.each([
    ['login', (victim: Client) => login(victim)],
    ['register', (victim: Client) => register(victim)],
  ])('leaves no data in the session that %s makes, and is gone itself', async (_name, signIn) => {
    const { attacker, victim } = await planted();
    await signIn(victim);
    expect(await counterOf(victim)).toBe(0);
    expect(await counterOf(attacker)).toBe(0);
  });

  it('stays as it was when the login fails', async () => {
    const { victim } = await planted();
    expect((await login(victim, { password: 'wrong' })).status).toBe(401);
    expect(await counterOf(victim)).toBe(3);
  });
});

describe('a token that the server did not make', () => {
  const CHOSEN = `${'A'.repeat(22)}.${'B'.repeat(43)}.${'C'.repeat(43)}.`;

  it('is not adopted when an anonymous session starts', async () => {
    const app = await createTestApp();
    const started = await app.client().post('/counter', carrying(CHOSEN));
    expect(cookieOf(started).value).not.toBe(CHOSEN);
    expect(await counterOf(app.client(), carrying(CHOSEN))).toBe(0);
  });

  it('is not adopted by a login', async () => {
    const app = await createTestApp();
    await app.registered();
    expect(cookieOf(await login(app.client(), {}, carrying(CHOSEN))).value).not.toBe(CHOSEN);
    expectNobody(await app.client().get('/auth/session', carrying(CHOSEN)));
  });
});

describe('the token', () => {
  it('is another one, with another session id, at every login', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const [tokens, ids] = [new Set([tokenOf(client)]), new Set<string>()];
    for (let i = 0; i < 5; i += 1) {
      ids.add((await login(client)).json.session.id);
      tokens.add(tokenOf(client));
    }
    expect(tokens.size).toBe(6);
    expect(ids.size).toBe(5);
  });

  it('shares no part but the owner with another login of the same user', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const before = tokenOf(client).split('.').slice(0, 3);
    await login(client);
    for (const part of tokenOf(client).split('.').slice(0, 3)) expect(before).not.toContain(part);
  });

  it('is in no body, and neither is its secret or its MAC', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const answers = [await login(client), await client.get('/auth/session'), await client.get('/')];
    const [, secret = '', mac = ''] = tokenOf(client).split('.');
    for (const { text } of answers) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(mac);
    }
  });
});

describe('a login over a live session', () => {
  it('ends the session that the same user had in this browser', async () => {
    const { client: browser } = await (await createTestApp()).registered();
    const before = browser.copy();
    expect((await login(browser)).status).toBe(200);
    expectNobody(await before.get('/auth/session'));
  });

  it('ends the session that another user had in this browser', async () => {
    const app = await createTestApp();
    await app.registered();
    const { client: browser } = await app.registered('eve@example.com');
    const before = browser.copy();
    expect((await login(browser)).json.user.email).toBe(EMAIL);
    expectNobody(await before.get('/auth/session'));
    expect((await browser.get('/auth/session')).json.user.email).toBe(EMAIL);
  });

  it('ends it when somebody registers over it, too', async () => {
    const { client: browser } = await (await createTestApp()).registered();
    const before = browser.copy();
    expect((await register(browser)).status).toBe(201);
    expectNobody(await before.get('/auth/session'));
  });

  it('leaves the sessions of other browsers alone', async () => {
    const app = await createTestApp();
    const { client: elsewhere, session } = await app.registered();
    const browser = app.client();
    await login(browser);
    await login(browser);
    expect((await elsewhere.get('/auth/session')).json.session.id).toBe(session.id);
  });

  it.each([
    ['the password is wrong', { password: 'not the password' }, 401],
    ['the user is unknown', { email: 'nobody@example.com' }, 401],
    ['the request is not valid', { role: 'admin' }, 400],
  ])('leaves the live session alone when %s', async (_name, sent, status) => {
    const { client, session } = await (await createTestApp()).registered();
    const refused = await login(client, sent);
    expect(refused.status).toBe(status);
    expect(refused.cookies).toEqual([]);
    expect((await client.get('/auth/session')).json.session.id).toBe(session.id);
  });

  it('leaves the live session alone when too many tries were made', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    await fail(app, 10);
    // As another user, of whom this device is not known.
    const refused = await login(client, { email: 'bob@example.com' });
    expect([refused.status, refused.cookies]).toEqual([429, []]);
    expect((await client.get('/auth/session')).json.session.id).toBe(session.id);
  });

  it('leaves the live session alone when a registration is refused', async () => {
    const { client, session } = await (await createTestApp()).registered();
    expect((await register(client, EMAIL)).status).toBe(409);
    expect((await client.get('/auth/session')).json.session.id).toBe(session.id);
  });
});
