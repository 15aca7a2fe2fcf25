import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { AppEnv } from '../../src/http/env.ts';
import { createStartAnonymous, session, sessionData } from '../../src/session/middleware.ts';
import { patch, signedIn } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { costOf, NO_COST } from '../support/requests.ts';

/** What a handler says that thinks of its body alone. */
const KEPT = { 'Cache-Control': 'public, max-age=60' };

/** An app of somebody's own behind the session middleware, with a message that shows once. */
async function withFlash() {
  const app = await createTestApp({ store: 'rest' });
  const clientAddress = () => null;
  const startAnonymous = createStartAnonymous({
    ...app.services,
    limit: app.services.anonymousLimit,
    clientAddress,
  });
  const own = new Hono<AppEnv>()
    .use(session({ ...app.services, startAnonymous }))
    .use(sessionData({ ...app.services, startAnonymous }))
    .post('/say/:text', (c) => {
      c.var.session.flash('said', c.req.param('text'));
      return c.body(null, 204);
    })
    .post('/start', (c) => {
      c.var.session.set('started', true);
      return c.json({}, 200, KEPT);
    })
    .post('/end', (c) => {
      c.var.session.deleteSession();
      return c.json({}, 200, KEPT);
    })
    .get('/said', (c) => c.json(c.var.session.get('said')))
    .get('/other', (c) => c.json(c.var.session.get('other')));
  const client = new Client((request) => own.fetch(request), 'http://localhost:3000');
  return { app, client };
}

type Flashing = Awaited<ReturnType<typeof withFlash>>;

const VISITORS: [string, (flashing: Flashing) => Promise<void>][] = [
  ['a visitor', async () => {}],
  [
    'somebody signed in',
    async ({ app, client }) => {
      const { client: browser } = await app.registered();
      client.setCookie('gatehouse', browser.cookie('gatehouse') ?? '');
    },
  ],
];

describe.each(VISITORS)('what is flashed to %s', (_name, arrive) => {
  it('shows once', async () => {
    const flashing = await withFlash();
    await arrive(flashing);
    const { client } = flashing;
    expect((await client.get('/said')).json).toBeNull();
    expect((await client.post('/say/hello')).status).toBe(204);
    expect((await client.get('/said')).json).toBe('hello');
    expect((await client.get('/said')).json).toBeNull();
  });

  it('stays until it is read, whatever else is read or said', async () => {
    const flashing = await withFlash();
    await arrive(flashing);
    const { app, client } = flashing;
    await client.post('/say/first');
    await client.post('/say/second');
    for (let i = 0; i < 3; i += 1) expect((await client.get('/other')).json).toBeNull();
    const browser = app.client();
    browser.setCookie('gatehouse', client.cookie('gatehouse') ?? '');
    await browser.get('/');
    await browser.post('/counter');
    await patch(browser, '/auth/session/data', { a: 1 });
    expect((await client.get('/said')).json).toBe('second');
    expect((await browser.get('/auth/session/data')).json).toEqual({ counter: 1, a: 1 });
  });

  it('takes nothing away that a frontend keeps by the same name', async () => {
    const flashing = await withFlash();
    await arrive(flashing);
    const { app, client } = flashing;
    await client.post('/say/first');
    const browser = app.client();
    browser.setCookie('gatehouse', client.cookie('gatehouse') ?? '');
    await patch(browser, '/auth/session/data', { said: 'kept', a: 1 });
    expect((await client.get('/said')).json).toBe('first');
    expect((await browser.get('/auth/session/data')).json).toEqual({ said: 'kept', a: 1 });
    await client.post('/say/second');
    expect((await browser.get('/auth/session/data')).json).toEqual({ said: 'kept', a: 1 });
  });

  it('costs one read and one write to show', async () => {
    const flashing = await withFlash();
    await arrive(flashing);
    const { app, client } = flashing;
    await client.post('/say/hello');
    await client.get('/other');
    const shown = await costOf(app, () => client.get('/said'));
    expect(shown).toEqual({ commands: ['MGET', 'EVAL'], statements: 0 });
    const over = await costOf(app, () => client.get('/said'));
    expect(over).toEqual({ commands: ['MGET'], statements: 0 });
  });
});

describe('the notice of the page of sessions', () => {
  const NOTICE = /<p class="notice done" role="status">([^<]*)<\/p>/;
  const noticeOf = async (client: Client) =>
    NOTICE.exec((await client.get('/account/sessions')).text)?.[1];

  it('shows once after another session was ended', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const { session: other } = await signedIn(app);
    expect(await noticeOf(client)).toBeUndefined();
    const ended = await client.post(`/account/sessions/${other.id}/end`, { form: {} });
    expect(ended.headers.get('location')).toBe('/account/sessions');
    expect(await noticeOf(client)).toBe('One session was ended.');
    expect(await noticeOf(client)).toBeUndefined();
  });

  it('counts the sessions when all others were ended', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await signedIn(app);
    await signedIn(app);
    await client.post('/account/sessions/end-others', { form: {} });
    expect(await noticeOf(client)).toBe('2 sessions were ended.');
    expect(await noticeOf(client)).toBeUndefined();
    await client.post('/account/sessions/end-others', { form: {} });
    expect(await noticeOf(client)).toBe('0 sessions were ended.');
  });

  it('shows to nobody when nothing was ended', async () => {
    const { client } = await (await createTestApp()).registered();
    const id = 'A'.repeat(22);
    const missing = await client.post(`/account/sessions/${id}/end`, { form: {} });
    expect(missing.status).toBe(404);
    expect(await noticeOf(client)).toBeUndefined();
  });
});

describe('an answer that a handler lets caches keep', () => {
  it('is kept by none while it carries the cookie of a session, new or over', async () => {
    const { client } = await withFlash();
    for (const path of ['/start', '/end']) {
      const { cookies, headers } = await client.post(path);
      expect([cookies.length, headers.get('cache-control')], path).toEqual([1, 'no-store']);
    }
  });
});

describe('a form that is refused', () => {
  it.each([
    ['/auth/login', { email: 'ada@example.com' }],
    ['/auth/login', { email: 'ada@example.com', password: 'x', role: 'admin' }],
    ['/auth/register', { email: 'no address', password: 'x' }],
    ['/auth/logout', { extra: '1' }],
  ])('does not touch the store: %s', async (path, form) => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    const cost = await costOf(app, async () => {
      const answer = await client.post(path, { form });
      expect([answer.status, answer.cookies]).toEqual([400, []]);
      expect(answer.headers.get('content-type')).toContain('text/html');
    });
    expect(cost).toEqual(NO_COST);
  });

  it.each(['/counter', '/account/sessions/end-others', '/account/sessions/x/end'])(
    'by another site does not touch it either: %s',
    async (path) => {
      const app = await createTestApp({ store: 'rest' });
      const { client } = await app.registered();
      const headers = { 'sec-fetch-site': 'cross-site' };
      const cost = await costOf(app, async () => {
        expect((await client.post(path, { form: {}, headers })).status).toBe(403);
      });
      expect(cost).toEqual(NO_COST);
    },
  );
});
