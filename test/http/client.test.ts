import { describe, expect, expectTypeOf, it } from 'vitest';
import { createClient, type Problem, type RefusalCode } from '../../src/client.ts';
import { admin } from '../support/accounts.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import { EMAIL, login } from '../support/requests.ts';
import { runtime } from '../support/runtime.ts';

const BASE = 'http://localhost:3000';

/** The typed client, against an app without sockets. */
const clientOf = (app: TestApp, headers: Record<string, string> = {}) =>
  createClient(BASE, {
    headers,
    fetch: (address: string | URL | Request, init?: RequestInit) => {
      const { credentials, ...rest } = init ?? {};
      expect(credentials).toBe('include');
      return runtime.answer(app.app, new Request(address, rest));
    },
  });

const ADA = { email: EMAIL, password: PASSWORD };

async function signedIn(app: TestApp) {
  const res = await clientOf(app).auth.login.$post({ json: { ...ADA, token: true } });
  if (!res.ok) throw new Error(`login answered ${res.status}`);
  const answer = await res.json();
  if (!('token' in answer)) throw new Error('a token was asked for');
  return clientOf(app, { authorization: `Bearer ${answer.token}` });
}

describe('the typed client', () => {
  it('registers, signs in with a token, asks who that is, and signs out', async () => {
    const app = await createTestApp();
    const registered = await clientOf(app).auth.register.$post({ json: { ...ADA, name: 'Ada' } });
    expect(registered.status).toBe(201);
    const api = await signedIn(app);
    const res = await api.auth.session.$get();
    if (!res.ok) throw new Error(`session answered ${res.status}`);
    const { user, session } = await res.json();
    expectTypeOf(user?.email).toEqualTypeOf<string | null | undefined>();
    expectTypeOf(session?.expiresAt).toEqualTypeOf<string | undefined>();
    expect([user?.email, user?.name, session?.current]).toEqual([EMAIL, 'Ada', true]);
    expect((await api.auth.logout.$post()).status).toBe(204);
    expect(await (await api.auth.session.$get()).json()).toEqual({ user: null, session: null });
  });

  it('knows refusals as problems with a code', async () => {
    const app = await createTestApp();
    const res = await clientOf(app).auth.login.$post({ json: ADA });
    if (res.ok) throw new Error('nobody has registered');
    const problem = await res.json();
    expectTypeOf(problem).toEqualTypeOf<Problem>();
    expectTypeOf(problem.code).toEqualTypeOf<RefusalCode>();
    expect([problem.status, problem.code]).toEqual([401, 'invalid_credentials']);
  });

  it('means whoever it was told is signed in, so that a stale tab changes nobody else', async () => {
    const app = await createTestApp();
    const browser = app.client();
    // Two tabs share the cookies of a browser; each has a client of its own.
    const tab = () =>
      createClient(BASE, {
        fetch: async (address: string | URL | Request, init?: RequestInit) => {
          const { method = 'GET', headers, body } = init ?? {};
          const sent = Object.fromEntries(new Headers(headers));
          const path = String(address).slice(BASE.length);
          const answer = await browser.request(method, path, {
            headers: sent,
            body: body as string,
          });
          return new Response(answer.text || null, answer);
        },
      });
    const [stale, other] = [tab(), tab()];
    await stale.auth.register.$post({ json: ADA });
    expect((await stale.auth.user.$patch({ json: { name: 'Ada' } })).status).toBe(200);
    await other.auth.register.$post({ json: { ...ADA, email: 'bob@example.com' } });
    for (const answer of [
      await stale.auth.user.$patch({ json: { name: 'Ada Lovelace' } }),
      await stale.auth.session.data.$patch({ json: { cart: [] } }),
      await stale.auth.logout.$post(),
    ]) {
      if (answer.ok) throw new Error('it acted for somebody else');
      expect([answer.status, (await answer.json()).code]).toEqual([409, 'conflict']);
    }
    // Who asks is told, and goes on as whoever that is; so does who signs in.
    const now = await stale.auth.session.$get();
    expect(await now.json()).toMatchObject({ user: { email: 'bob@example.com', name: null } });
    expect((await stale.auth.user.$patch({ json: { name: 'Bob' } })).status).toBe(200);
    expect((await stale.auth.login.$post({ json: ADA })).status).toBe(200);
    expect((await other.auth.logout.$post()).status).toBe(409);
    expect((await stale.auth.logout.$post()).status).toBe(204);
    expect((await stale.auth.login.$post({ json: ADA })).status).toBe(200);
  });

  it('sends what is in paths, queries and patches', async () => {
    const app = await createTestApp();
    await admin(app, EMAIL);
    await login(app.client());
    const api = await signedIn(app);
    const data = await api.auth.session.data.$patch({ json: { cart: ['tea'] } });
    expect(await data.json()).toEqual({ cart: ['tea'] });
    const renamed = await api.auth.user.$patch({ json: { name: 'Ada Lovelace' } });
    expect(await renamed.json()).toMatchObject({ user: { name: 'Ada Lovelace' } });
    const users = await api.admin.users.$get({ query: { query: 'lovelace', limit: '1' } });
    if (!users.ok) throw new Error(`users answered ${users.status}`);
    const [user] = (await users.json()).users;
    expectTypeOf(user?.disabled).toEqualTypeOf<boolean | undefined>();
    const id = user?.id ?? '';
    expect((await api.admin.users[':id'].$get({ param: { id } })).status).toBe(200);
    const ended = await api.auth.sessions.$delete({ query: { include: 'current' } });
    expect(await ended.json()).toEqual({ revoked: 3 });
  });
});
