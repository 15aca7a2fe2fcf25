import { expect, it } from 'vitest';
import { openGate } from '../../src/passwords/gate.ts';
import { minutes, seconds } from '../../src/time.ts';
import { listed, sessionOf } from '../support/accounts.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { login, otherServer } from '../support/requests.ts';
import { runtime } from '../support/runtime.ts';

const LOGINS = 60;

/**
 * Inside workerd all of them wait here for the few connections that one request may have; in life
 * each has its own.
 */
function patient(app: TestApp) {
  const { redis } = app.services.config;
  if (runtime.openEmbedded || redis.kind !== 'rest') return {};
  return { redis: runtime.connectRest({ ...redis, timeout: seconds(10) }) };
}

it('leaves the fifty newest sessions of sixty logins at once, and they work', async () => {
  const env = { LIMIT_LOGIN_ADDRESS: '1000/10m', LIMIT_LOGIN_ACCOUNT: '1000/1s..1s' };
  const app = await createTestApp({ env });
  const { client: first } = await app.registered();
  await app.advance(seconds(1));
  const browser = otherServer(app, {}, { gate: openGate, ...patient(app) });
  const logins = await Promise.all(
    Array.from({ length: LOGINS }, async () => {
      const client = browser();
      const { status, json } = await login(client);
      expect(status).toBe(200);
      return { client, id: json.session.id, at: Date.parse(json.session.createdAt) };
    }),
  );

  expect((await first.get('/auth/session')).json.session).toBeNull();
  const alive = await Promise.all(
    logins.map(async ({ client }) => (await client.get('/auth/session')).json.session !== null),
  );
  const live = logins.filter((_, i) => alive[i]);
  const gone = logins.filter((_, i) => !alive[i]);
  expect([live.length, gone.length]).toEqual([50, LOGINS - 50]);
  const youngestGone = Math.max(...gone.map(({ at }) => at));
  expect(Math.min(...live.map(({ at }) => at))).toBeGreaterThanOrEqual(youngestGone);
  const [some] = live;
  const ids = some ? (await listed(some.client)).map(({ id }) => id) : [];
  expect(ids.sort()).toEqual(live.map(({ id }) => id).sort());
}, 30_000);

it('ends the session that was used longest ago, not the oldest, and lists by creation', async () => {
  const app = await createTestApp({ env: { SESSION_MAX_PER_USER: '3' } });
  const { client: inUse, session: first } = await app.registered();
  const another = async () => {
    await app.advance(minutes(1));
    const client = app.client();
    return { client, session: (await login(client)).json.session };
  };
  const [idle, third] = [await another(), await another()];
  await app.advance(minutes(5));
  expect(await sessionOf(inUse)).toBe(first.id);
  const newest = await another();
  expect(await sessionOf(idle.client)).toBeUndefined();
  const ids = (await listed(inUse)).map(({ id }) => id);
  expect(ids).toEqual([newest.session.id, third.session.id, first.id]);
});

it('keeps the session that was just made, also where the clock of another server is ahead', async () => {
  const app = await createTestApp({ env: { SESSION_MAX_PER_USER: '2' } });
  await app.registered();
  await app.advance(minutes(5));
  for (let n = 0; n < 2; n += 1) await login(app.client());
  await app.advance(-minutes(5));
  const late = app.client();
  const { session } = (await login(late)).json;
  expect(await sessionOf(late)).toBe(session.id);
});
