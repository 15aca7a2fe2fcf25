import { describe, expect, it } from 'vitest';
import { minutes } from '../../src/time.ts';
import { admin, patch, remove } from '../support/accounts.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { readLog } from '../support/logs.ts';
import { login, otherServer } from '../support/requests.ts';

/** With the time limits of production: a command that is given up makes others of a count. */
const REST = { store: 'rest' } as const;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The line of one request, and what the store and the database saw of it. */
async function lineOf(app: TestApp, ask: () => Promise<Answer>) {
  await app.asked();
  app.statements();
  app.requests.length = 0;
  const answer = await ask();
  const { commands } = await app.asked();
  expect(app.requests).toHaveLength(1);
  return { answer, line: app.requests[0], redis: commands.length, calls: app.statements() };
}

describe('the line of a request', () => {
  it('tells the pattern of the route, never the path or the query', async () => {
    const app = await createTestApp(REST);
    const { client } = await app.registered();
    const { line, answer } = await lineOf(app, () =>
      remove(client, '/auth/sessions/c2VjcmV0LWluLXRoZS1w?token=secret-in-the-query'),
    );
    expect(line).toMatchObject({ method: 'DELETE', route: '/auth/sessions/:id' });
    expect(line).toMatchObject({ status: answer.status, duration: expect.any(Number) });
    expect(line?.requestId).toBe(answer.headers.get('x-request-id'));
    expect(JSON.stringify(line)).not.toMatch(/secret|c2VjcmV0/);
  });

  it.each([
    ['GET', '/nowhere/at/all', 404],
    ['PUT', '/auth/login', 405],
    ['GET', '/auth%2flogin', 404],
  ])('has no route for %s %s', async (method, path, status) => {
    const app = await createTestApp(REST);
    const { line } = await lineOf(app, () => app.client().request(method, path));
    expect(line).toMatchObject({ method, route: '(none)', status });
  });

  it('names the request as the line of its fault does', async () => {
    const app = await createTestApp(REST);
    const { client } = await app.registered();
    await app.breakStore('down');
    const { line, answer } = await lineOf(app, () => client.get('/auth/session'));
    expect(line).toMatchObject({ status: 503, route: '/auth/session', redis: 1 });
    const id = answer.headers.get('x-request-id');
    expect([line?.requestId, JSON.parse(app.logged[0] ?? '').requestId]).toEqual([id, id]);
  });

  it('is written at the level of its route, and not at all below LOG_LEVEL', async () => {
    const app = await createTestApp();
    const ask = async (level: 'debug' | 'info' | 'warn') => {
      const { log, lines } = readLog(level);
      const browser = otherServer(app, {}, { log });
      await browser().get('/health');
      await browser().get('/login');
      return lines.map((line) => `${JSON.parse(line).level} ${JSON.parse(line).route}`);
    };
    expect(await ask('debug')).toEqual(['debug /health', 'info /login']);
    expect(await ask('info')).toEqual(['info /login']);
    expect(await ask('warn')).toEqual([]);
  });

  it('takes no request id over from a client', async () => {
    const app = await createTestApp(REST);
    const headers = { 'x-request-id': 'made-up-by-a-client' };
    const { line } = await lineOf(app, () => app.client().get('/login', { headers }));
    expect(line?.requestId).toMatch(UUID);
  });
});

describe('the counts of a request', () => {
  it('are those of its own commands and statements', async () => {
    const app = await createTestApp({ ...REST, env: { SESSION_IDLE: '20m' } });
    const { client, user } = await admin(app);
    const known = app.client();
    await login(known, { email: 'root@example.com' });
    const steps: [string, () => Promise<Answer>][] = [
      ['a read without the card', () => client.get('/auth/session')],
      ['a read', () => client.get('/auth/session')],
      ['the front page', () => client.get('/')],
      ['session data', () => client.get('/auth/session/data')],
      ['a proxy that asks', () => client.get('/auth/verify?role=admin')],
      ['an anonymous read', () => app.client().get('/auth/session')],
      ['an anonymous click', () => app.client().post('/counter')],
      ['a click', () => client.post('/counter')],
      ['a patch', () => patch(client, '/auth/session/data', { cart: [1] })],
      ['the list', () => client.get('/auth/sessions')],
      ['a login from a known device', () => login(known, { email: 'root@example.com' })],
      ['a wrong one', () => login(app.client(), { email: 'nobody@example.com' })],
      ['the users', () => client.get('/admin/users')],
      ['one user', () => client.get(`/admin/users/${user.id}`)],
      ['readiness', () => client.get('/ready')],
      ['a logout', () => client.copy().post('/auth/logout')],
    ];
    for (const [name, ask] of steps) {
      const { line, redis, calls, answer } = await lineOf(app, ask);
      expect(answer.status, name).toBeLessThan(500);
      expect(line, name).toMatchObject({ redis, sql: calls });
    }
  });

  it('hold for a renewal, and for each statement of a batch', async () => {
    const app = await createTestApp({ ...REST, env: { SESSION_IDLE: '20m' } });
    const { client } = await app.registered();
    await client.get('/auth/session');
    await app.advance(minutes(3));
    const renewal = await lineOf(app, () => client.get('/auth/session'));
    expect(renewal).toMatchObject({ redis: 2, line: { redis: 2, sql: 0 } });
    const json = { currentPassword: PASSWORD, newPassword: 'another 9 long passphrase' };
    const change = await lineOf(app, () => client.post('/auth/password', { json }));
    expect(change.answer.status).toBe(204);
    expect(change.line?.redis).toBe(change.redis);
    expect(change.line?.sql).toBeGreaterThan(change.calls);
  });

  it('are kept apart when requests overlap', async () => {
    const app = await createTestApp(REST);
    const { client } = await app.registered();
    await client.get('/auth/session');
    app.requests.length = 0;
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        [
          () => client.get('/auth/session'),
          () => client.get('/auth/sessions'),
          () => login(app.client(), { email: `nobody${i}@example.com` }),
        ][i % 3]?.(),
      ),
    );
    const seen = app.requests.map(({ route, redis, sql }) => `${route} ${redis} ${sql}`);
    expect([...new Set(seen)]).toHaveLength(3);
    expect(seen).toHaveLength(12);
  });
});
