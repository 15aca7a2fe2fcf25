import { describe, expect, it } from 'vitest';
import { hours } from '../../src/time.ts';
import { patch } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { cookieOf, costOf, counterOf, login } from '../support/requests.ts';

const DATA = '/auth/session/data';
const dataOf = async (client: Client) => (await client.get(DATA)).json;
const KEEP = { env: { SESSION_KEEP_ON_LOGIN: 'cart, counter' } };
const PLANTED = { cart: ['tea'], counter: 2, isAdmin: true, userId: 'root' };

const register = (client: Client) =>
  client.post('/auth/register', { json: { email: 'eve@example.com', password: PASSWORD } });

const SIGN_INS: [string, (client: Client) => ReturnType<Client['get']>][] = [
  ['login', (client) => login(client)],
  ['register', register],
];

async function withVisitor(options: Parameters<typeof createTestApp>[0] = KEEP) {
  const app = await createTestApp(options);
  const { client: owner } = await app.registered();
  const visitor = app.client();
  await patch(visitor, DATA, PLANTED);
  return { app, owner, visitor };
}

describe('SESSION_KEEP_ON_LOGIN', () => {
  it.each(SIGN_INS)('moves the named keys of a visitor at %s, and no other', async (_name, go) => {
    const { visitor } = await withVisitor();
    const before = visitor.copy();
    const answer = await go(visitor);
    expect(answer.status).toBeLessThan(300);
    expect(cookieOf(answer).value).not.toBe(before.cookie('gatehouse'));
    expect(await dataOf(visitor)).toEqual({ cart: ['tea'], counter: 2 });
    expect(await counterOf(visitor)).toBe(2);
    // The session that it was in is gone.
    expect(await dataOf(before)).toEqual({});
  });

  it.each(SIGN_INS)('moves nothing at %s when it is not set', async (_name, go) => {
    const { visitor } = await withVisitor({});
    await go(visitor);
    expect(await dataOf(visitor)).toEqual({});
  });

  it.each(SIGN_INS)('moves nothing at %s of somebody who is signed in', async (_name, go) => {
    const { owner } = await withVisitor();
    await patch(owner, DATA, PLANTED);
    await go(owner);
    expect(await dataOf(owner)).toEqual({});
  });

  it('leaves the visitor what there is when the login fails', async () => {
    const { visitor } = await withVisitor();
    expect((await login(visitor, { password: 'wrong' })).status).toBe(401);
    expect(await dataOf(visitor)).toEqual(PLANTED);
  });

  it('moves nothing of a session that is over, and the login works', async () => {
    const { app, visitor } = await withVisitor();
    await app.advance(hours(2));
    expect((await login(visitor)).status).toBe(200);
    expect(await dataOf(visitor)).toEqual({});
  });

  it('moves nothing to a program that asks for a token, and leaves the visitor alone', async () => {
    const { app, visitor } = await withVisitor();
    const { token } = (await login(visitor, { token: true })).json;
    expect(await dataOf(app.client({ authorization: `Bearer ${token}` }))).toEqual({});
    expect(await dataOf(visitor)).toEqual(PLANTED);
  });

  it('takes names for names, and nothing that objects have by themselves', async () => {
    const names = 'constructor,toString,__proto__,missing';
    const { visitor } = await withVisitor({ env: { SESSION_KEEP_ON_LOGIN: names } });
    expect((await login(visitor)).status).toBe(200);
    expect(await dataOf(visitor)).toEqual({});
  });

  it('costs nothing when it is not set, nor without a session', async () => {
    const unset = await withVisitor({ store: 'rest' });
    const { commands } = await costOf(unset.app, () => login(unset.visitor));
    expect(commands).not.toContain('MGET');
    const set = await withVisitor({ store: 'rest', ...KEEP });
    const fresh = await costOf(set.app, () => login(set.app.client()));
    expect(fresh.commands).not.toContain('MGET');
  });
});
