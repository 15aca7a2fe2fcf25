import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import {
  costOf,
  counterOf,
  expectNobody,
  login,
  NO_COST,
  otherServer,
} from '../support/requests.ts';

const OLD = 'the old secret of the tests with 32 characters or more';
const NEW = 'the new secret of the tests with 32 characters or more';

async function rotating() {
  const app = await createTestApp({ store: 'rest', env: { SESSION_SECRET: OLD } });
  const registered = await app.registered();
  const secrets = (...sessionSecrets: string[]) => otherServer(app, { sessionSecrets })();
  return { app, ...registered, token: registered.client.cookie('gatehouse') ?? '', secrets };
}

const carrying = (token: string) => ({ headers: { cookie: `gatehouse=${token}` } });

describe('rotation of SESSION_SECRET', () => {
  it('keeps everybody signed in while the old secret stands behind the new one', async () => {
    const { user, token, secrets } = await rotating();
    const seen = await secrets(NEW, OLD).get('/auth/session', carrying(token));
    expect(seen.json.user).toEqual(user);
    expect(seen.cookies).toEqual([]);
  });

  it('ends every session of a secret that was removed, without a look-up', async () => {
    const { app, token, secrets } = await rotating();
    const cost = await costOf(app, async () =>
      expectNobody(await secrets(NEW).get('/auth/session', carrying(token))),
    );
    expect(cost).toEqual(NO_COST);
  });

  it('signs with the first secret alone', async () => {
    const { secrets } = await rotating();
    const browser = secrets(NEW, OLD);
    expect((await login(browser)).status).toBe(200);
    const token = browser.cookie('gatehouse') ?? '';
    expect((await secrets(NEW).get('/auth/session', carrying(token))).json.user).not.toBeNull();
    expectNobody(await secrets(OLD).get('/auth/session', carrying(token)));
  });

  it('logs a token of the old secret out', async () => {
    const { client, token, secrets } = await rotating();
    expect((await secrets(NEW, OLD).post('/auth/logout', carrying(token))).status).toBe(204);
    expectNobody(await client.get('/auth/session'));
  });

  it('keeps what visitors have who are not signed in', async () => {
    const { app, secrets } = await rotating();
    const visitor = app.client();
    await visitor.post('/counter');
    const token = visitor.cookie('gatehouse') ?? '';
    expect(await counterOf(secrets(NEW, OLD), carrying(token))).toBe(1);
    expect(await counterOf(secrets(NEW), carrying(token))).toBe(0);
  });

  it('does not take a token of the removed secret for a session to end at login', async () => {
    const { client, token, secrets } = await rotating();
    expect((await login(secrets(NEW), {}, carrying(token))).status).toBe(200);
    expect((await client.get('/auth/session')).json.user).not.toBeNull();
  });
});
