import { describe, expect, it } from 'vitest';
import type { RedisClient } from '../../src/redis/client.ts';
import { minutes } from '../../src/time.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { cookieOf, otherServer } from '../support/requests.ts';

/** Redis commands and requests and SQL statements of one request. */
async function costOf(app: TestApp, request: () => Promise<Answer>) {
  await app.asked();
  app.statements();
  const answer = await request();
  const { commands, requests } = await app.asked();
  return { answer, commands, requests, statements: app.statements() };
}

/** A store that counts how often it was waited for; what is asked for at once is one wait. */
function waited(inner: RedisClient) {
  let [waits, running] = [0, 0];
  const redis = new Proxy(inner, {
    get: (target, name) => {
      const method = Reflect.get(target, name);
      return async (...args: unknown[]) => {
        if (running === 0) waits += 1;
        running += 1;
        return method.apply(target, args).finally(() => {
          running -= 1;
        });
      };
    },
  });
  return { redis, waits: () => waits };
}

const LOGIN = { json: { email: 'ada@example.com', password: PASSWORD } };

/** What a request may cost. A change that makes one dearer fails here. */
describe('the command budget', () => {
  it('is nothing for an anonymous visitor', async () => {
    const app = await createTestApp({ store: 'rest' });
    for (const path of ['/', '/login', '/register', '/auth/session', '/auth/verify', '/health']) {
      const cost = await costOf(app, () => app.client().get(path));
      expect(cost, path).toMatchObject({ commands: [], statements: 0 });
      expect(cost.answer.cookies, path).toEqual([]);
    }
  });

  it('is nothing for a forged cookie', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    const [id, , mac, owner] = (client.cookie('gatehouse') ?? '').split('.');
    client.setCookie('gatehouse', `${id}.${'A'.repeat(43)}.${mac}.${owner}`);
    const cost = await costOf(app, () => client.get('/auth/session'));
    expect(cost).toMatchObject({ commands: [], statements: 0 });
  });

  it('is one command and no SQL for a signed-in read, without a cookie', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    await client.get('/auth/session');
    for (const path of ['/auth/session', '/auth/verify', '/']) {
      const cost = await costOf(app, () => client.get(path));
      expect(cost, path).toMatchObject({ commands: ['MGET'], requests: 1, statements: 0 });
      expect(cost.answer.cookies, path).toEqual([]);
    }
  });

  it('is one statement more for the first read in ten minutes of a user', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    const first = await costOf(app, () => client.get('/auth/session'));
    expect(first).toMatchObject({ requests: 3, statements: 1 });
    const second = await costOf(app, () => client.get('/auth/session'));
    expect(second).toMatchObject({ requests: 1, statements: 0 });
  });

  it('is at most four commands in three round trips and one statement and batch for a login', async () => {
    const app = await createTestApp({ store: 'rest' });
    await app.registered();
    const cost = await costOf(app, () => app.client().post('/auth/login', LOGIN));
    expect(cost.answer.status).toBe(200);
    expect(cookieOf(cost.answer).name).toBe('gatehouse');
    expect(cost.commands.length).toBeLessThanOrEqual(4);
    // The row, and that the device is known now.
    expect(cost.statements).toBe(2);

    const { redis, waits } = waited(app.services.redis);
    const { status } = await otherServer(app, {}, { redis })().post('/auth/login', LOGIN);
    expect([status, waits()]).toEqual([200, 3]);
  });

  it('is two commands and one statement for a login from a known device', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    await client.post('/auth/logout');
    const cost = await costOf(app, () => client.post('/auth/login', LOGIN));
    expect(cost).toMatchObject({ commands: ['EVAL', 'EVAL'], statements: 1 });
  });

  it('is two commands and one statement for a failed login', async () => {
    const app = await createTestApp({ store: 'rest' });
    const wrong = { json: { email: 'nobody@example.com', password: PASSWORD } };
    const cost = await costOf(app, () => app.client().post('/auth/login', wrong));
    expect(cost.answer.status).toBe(401);
    expect(cost).toMatchObject({ commands: ['EVAL', 'EVAL'], statements: 1 });
    // What is recorded of it, after the answer.
    await app.settled();
    expect(app.statements()).toBeLessThanOrEqual(1);
  });

  it('is one command for a logout', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    const cost = await costOf(app, () => client.post('/auth/logout'));
    expect(cost).toMatchObject({ commands: ['EVAL'], requests: 1, statements: 0 });
  });

  it.each(['/auth/sessions', '/account/sessions'])(
    'is two commands for the list of %s, the second once somebody is found signed in',
    async (path) => {
      const app = await createTestApp({ store: 'rest' });
      const { client } = await app.registered();
      await client.get('/auth/session');
      const cost = await costOf(app, () => client.get(path));
      expect(cost.answer.status).toBe(200);
      expect(cost.commands).toEqual(['MGET', 'EVAL']);
      // The page lists the known devices as well.
      expect(cost.statements).toBe(path.startsWith('/account') ? 1 : 0);

      const { redis, waits } = waited(app.services.redis);
      const elsewhere = otherServer(app, {}, { redis })();
      elsewhere.setCookie('gatehouse', client.cookie('gatehouse') ?? '');
      const { status } = await elsewhere.get(path);
      expect([status, waits()]).toEqual([200, 2]);
    },
  );

  it('is at most one write for idleness in each tenth of the idle timeout', async () => {
    const app = await createTestApp({ store: 'rest', env: { SESSION_IDLE: '20m' } });
    const { client } = await app.registered();
    await client.get('/auth/session');
    for (let window = 0; window < 3; window += 1) {
      await app.advance(minutes(2));
      const due = await costOf(app, () => client.get('/auth/session'));
      expect(due).toMatchObject({ commands: ['MGET', 'EVAL'], statements: 0 });
      expect(due.answer.cookies).toEqual([]);
      await app.advance(minutes(1));
      const early = await costOf(app, () => client.get('/auth/session'));
      expect(early).toMatchObject({ commands: ['MGET'], statements: 0 });
    }
  });

  it('is one read, one count (LIMIT_WRITES) and one write for a click', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    await client.get('/auth/session');
    const cost = await costOf(app, () => client.post('/counter'));
    expect(cost).toMatchObject({ commands: ['MGET', 'EVAL', 'EVAL'], statements: 0 });
    expect(cost.answer.cookies).toEqual([]);
    const anonymous = await costOf(app, () => app.client().post('/counter'));
    expect(anonymous).toMatchObject({ commands: ['EVAL', 'SET'], statements: 0 });
  });
});
