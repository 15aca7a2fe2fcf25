import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import type { FaultKind } from '../support/backing.ts';
import type { Answer } from '../support/client.ts';

const FAULTS: FaultKind[] = ['down', 'hang', 'status-500', 'status-429', 'html', 'lost'];
const LOGIN = { json: { email: 'ada@example.com', password: PASSWORD } };

function expectUnavailable(answer: Answer) {
  expect(answer.status).toBe(503);
  expect(answer.json).toMatchObject({ code: 'unavailable', retryAfter: expect.any(Number) });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.cookies).toEqual([]);
}

describe.each(FAULTS)('a store with the fault "%s"', (fault) => {
  it('signs nobody out: 503 within 2 s, and the cookie works again afterwards', async () => {
    const app = await createTestApp({ store: 'rest', limits: 'own' });
    const { client, session } = await app.registered();
    await app.breakStore(fault);
    const started = Date.now();
    expectUnavailable(await client.get('/auth/session'));
    expect(Date.now() - started).toBeLessThan(2000);
    expectUnavailable(await client.get('/auth/verify'));
    await app.breakStore(null);
    expect((await client.get('/auth/session')).json.session.id).toBe(session.id);
  });

  it('lets nobody in, and does not say that they are out', async () => {
    const app = await createTestApp({ store: 'rest', limits: 'short' });
    const { client } = await app.registered();
    await app.breakStore(fault);
    expectUnavailable(await app.client().post('/auth/login', LOGIN));
    expectUnavailable(await client.post('/auth/logout'));
    const register = { json: { email: 'bob@example.com', password: PASSWORD } };
    expectUnavailable(await app.client().post('/auth/register', register));
    expect(await app.sql(sql`SELECT email FROM users`)).toHaveLength(1);
    await app.breakStore(null);
    expect((await app.client().post('/auth/register', register)).status).toBe(201);
    expect((await client.post('/auth/logout')).status).toBe(204);
  });

  it('leaves public routes and anonymous visitors alone', async () => {
    const app = await createTestApp({ store: 'rest', limits: 'short' });
    const { client } = await app.registered();
    await app.breakStore(fault);
    expect((await client.get('/health')).status).toBe(200);
    expect((await client.get('/logout')).status).toBe(200);
    expect((await client.get('/nothing')).status).toBe(404);
    expect((await app.client().get('/')).status).toBe(200);
    expect((await app.client().get('/login')).status).toBe(200);
    const ready = await client.get('/ready');
    expect(ready.status).toBe(503);
    expect(ready.json.detail).toContain('redis');
    expect(ready.json.detail).not.toContain('database');
  });

  it('keeps a write from being half done', async () => {
    const app = await createTestApp({ store: 'rest', limits: 'short' });
    const { client } = await app.registered();
    await client.get('/auth/session');
    // The read and the count (LIMIT_WRITES) go well, the write does not.
    await app.breakStore(fault, 2);
    const answer = await client.post('/counter');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.cookies).toEqual([]);
    await app.breakStore(null);
    const counted = fault === 'lost' ? 1 : 0;
    expect((await client.get('/')).text).toContain(`<dd>${counted}</dd>`);
  });

  it('fails at each step of a login within 2 s, without a half-open door', async () => {
    const app = await createTestApp({ store: 'rest', limits: 'own' });
    await app.registered();
    let step = 0;
    for (; ; step += 1) {
      const browser = app.client();
      await app.breakStore(fault, step);
      const started = Date.now();
      const answer = await browser.post('/auth/login', LOGIN);
      // It asked for less than that.
      if (answer.status === 200) break;
      expectUnavailable(answer);
      expect(Date.now() - started).toBeLessThan(2000);
      await app.breakStore(null);
      expect((await browser.get('/auth/session')).json.user).toBeNull();
      expect((await browser.post('/auth/login', LOGIN)).status).toBe(200);
    }
    // Tries are counted, a session is made, and tries are given back.
    expect(step).toBeGreaterThanOrEqual(3);
  }, 20_000);

  it('serves a read although the renewal of idleness failed', async () => {
    const app = await createTestApp({ store: 'rest', limits: 'short' });
    const { client, session } = await app.registered();
    await client.get('/auth/session');
    await app.advance(7 * 60_000);
    await app.breakStore(fault, 1);
    const answer = await client.get('/auth/session');
    expect(answer.status).toBe(200);
    expect(answer.json.session.id).toBe(session.id);
    expect(app.logged.join()).toContain('not renewed');
  });
});

describe.each<FaultKind>(['down', 'hang', 'status-500'])('a database that is "%s"', (fault) => {
  it('makes no session: 503 within 2 s for login and register, and reads go on', async () => {
    const app = await createTestApp({ store: 'rest', limits: 'own' });
    const { client, user } = await app.registered();
    await client.get('/auth/session');
    app.breakDatabase(fault);
    const browser = app.client();
    const started = Date.now();
    expectUnavailable(await browser.post('/auth/login', LOGIN));
    expect(Date.now() - started).toBeLessThan(2000);
    const register = { json: { email: 'bob@example.com', password: PASSWORD } };
    expectUnavailable(await browser.post('/auth/register', register));
    expect((await client.get('/auth/session')).json.user.id).toBe(user.id);
    expect((await browser.get('/auth/session')).json.user).toBeNull();
    expect((await browser.get('/ready')).json.detail).toContain('database');
    app.breakDatabase(null);
    expect((await browser.post('/auth/login', LOGIN)).status).toBe(200);
  });

  it('is no logout when the card has to be read from it', async () => {
    const app = await createTestApp({ store: 'rest', limits: 'short' });
    const { client, user } = await app.registered();
    app.breakDatabase(fault);
    expectUnavailable(await client.get('/auth/session'));
    app.breakDatabase(null);
    expect((await client.get('/auth/session')).json.user.id).toBe(user.id);
  });
});

describe('a fault on a page', () => {
  it('shows the form again with what was typed, but the password', async () => {
    const app = await createTestApp({ store: 'rest', limits: 'short' });
    await app.breakStore('down');
    const answer = await app.client().post('/auth/login', {
      form: { email: 'ada@example.com', password: PASSWORD },
    });
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('value="ada@example.com"');
    expect(answer.text).not.toContain(PASSWORD);
  });

  it('is a page for somebody who follows a link', async () => {
    const app = await createTestApp({ store: 'rest', limits: 'short' });
    const { client } = await app.registered();
    await app.breakStore('down');
    const answer = await client.get('/', { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.cookies).toEqual([]);
  });
});
