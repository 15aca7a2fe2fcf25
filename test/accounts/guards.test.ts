import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { AppEnv } from '../../src/http/env.ts';
import {
  requireRecentLogin,
  requireRole,
  requireUser,
  requireUserOrLogin,
  type UserEnv,
} from '../../src/session/guards.ts';
import { createStartAnonymous, session } from '../../src/session/middleware.ts';
import { minutes, seconds } from '../../src/time.ts';
import { expectRefused, patch, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { EMAIL } from '../support/requests.ts';

/** An app of somebody's own with a guard on each route, and the browser of a user. */
async function guarded() {
  const app = await createTestApp();
  const { services, clock } = app;
  const clientAddress = () => null;
  const limit = services.anonymousLimit;
  const startAnonymous = createStartAnonymous({ ...services, limit, clientAddress });
  const own = new Hono<AppEnv>().use(session({ ...services, startAnonymous })).route(
    '/',
    new Hono<UserEnv>()
      .get('/user', requireUser(), (c) => c.json({ email: c.var.user.email }))
      .use('/as/*', requireUser())
      .get('/as/editor', requireRole('editor'), (c) => c.json({ ok: true }))
      .get('/as/user', requireRole('user'), (c) => c.json({ ok: true }))
      .get('/as/recent', requireRecentLogin(clock), (c) => c.json({ ok: true }))
      .all('/page', requireUserOrLogin(), (c) => c.json({ email: c.var.user.email })),
  );
  const { client: browser, user } = await app.registered();
  const client = new Client((request) => own.fetch(request), 'http://localhost:3000');
  const stranger = new Client((request) => own.fetch(request), 'http://localhost:3000');
  client.setCookie('gatehouse', browser.cookie('gatehouse') ?? '');
  return { app, client, stranger, browser, user };
}

describe('requireUser', () => {
  it('lets somebody in who is signed in, and says who', async () => {
    const { client } = await guarded();
    expect((await client.get('/user')).json).toEqual({ email: EMAIL });
  });

  it('answers 401 to everybody else, with a visitor’s session too', async () => {
    const { app, stranger } = await guarded();
    expectRefused(await stranger.get('/user'), 401, 'not_signed_in');
    const visitor = app.client();
    await patch(visitor, '/auth/session/data', { user: { id: 'root' }, live: { user: 1 } });
    stranger.setCookie('gatehouse', visitor.cookie('gatehouse') ?? '');
    expectRefused(await stranger.get('/user'), 401, 'not_signed_in');
  });
});

describe('requireRole', () => {
  it('answers 401 to a stranger, 403 without the role, and lets in with it', async () => {
    const { app, client, stranger, user } = await guarded();
    expectRefused(await stranger.get('/as/editor'), 401, 'not_signed_in');
    expectRefused(await client.get('/as/editor'), 403, 'forbidden');
    expect((await client.get('/as/user')).status).toBe(200);
    await app.sql(
      sql`UPDATE users SET roles = '["editor2","edit","Editor"]' WHERE id = ${user.id}`,
    );
    await app.advance(minutes(11));
    expectRefused(await client.get('/as/editor'), 403, 'forbidden');
    await app.sql(sql`UPDATE users SET roles = '["editor"]' WHERE id = ${user.id}`);
    await app.advance(minutes(11));
    expect((await client.get('/as/editor')).status).toBe(200);
    expect((await client.get('/as/user')).status).toBe(200);
  });
});

describe('requireRecentLogin', () => {
  it('lets in for ten minutes after a login, use or no use, and again after a proof', async () => {
    const { app, client, stranger, browser } = await guarded();
    expectRefused(await stranger.get('/as/recent'), 401, 'not_signed_in');
    expect((await client.get('/as/recent')).status).toBe(200);
    await app.advance(minutes(10) - seconds(5));
    expect((await client.get('/as/recent')).status).toBe(200);
    await app.advance(seconds(6));
    expectRefused(await client.get('/as/recent'), 403, 'recent_login_required');
    expect((await client.get('/user')).status).toBe(200);
    await browser.post('/auth/reauthenticate', { json: { password: PASSWORD } });
    client.setCookie('gatehouse', browser.cookie('gatehouse') ?? '');
    expect((await client.get('/as/recent')).status).toBe(200);
  });

  it('is not cured by a wrong password', async () => {
    const { app, client, browser } = await guarded();
    await app.advance(minutes(11));
    await browser.post('/auth/reauthenticate', { json: { password: 'wrong' } });
    expectRefused(await client.get('/as/recent'), 403, 'recent_login_required');
  });
});

describe('requireUserOrLogin', () => {
  it('sends strangers to sign in, from where they come back', async () => {
    const { client, stranger } = await guarded();
    expect((await client.get('/page')).json).toEqual({ email: EMAIL });
    const answer = await stranger.get('/page?a=1&b=%2F');
    expect([answer.status, answer.cookies]).toEqual([303, []]);
    expect(answer.headers.get('location')).toBe('/login?returnTo=%2Fpage%3Fa%3D1%26b%3D%252F');
    const sent = await stranger.post('/page');
    expect(sent.headers.get('location')).toMatch(/^\/login\?returnTo=%2F/);
  });

  it('guards /account/sessions, and the login leads there', async () => {
    const { app } = await guarded();
    const browser = app.client();
    const away = await browser.get('/account/sessions');
    expect([away.status, away.cookies]).toEqual([303, []]);
    const to = away.headers.get('location') ?? '';
    expect(to).toBe('/login?returnTo=%2Faccount%2Fsessions');
    const page = await browser.get(to);
    const hidden = /<input type="hidden" name="returnTo" value="([^"]*)"/.exec(page.text);
    const form = { email: EMAIL, password: PASSWORD, returnTo: hidden?.[1] ?? '' };
    const back = await browser.post('/auth/login', { form });
    expect([back.status, back.headers.get('location')]).toEqual([303, '/account/sessions']);
    expect((await browser.get('/account/sessions')).status).toBe(200);
    // Somebody who is signed in already goes straight there.
    expect((await browser.get(to)).headers.get('location')).toBe('/account/sessions');
  });

  it('ends nothing for a stranger who sends the form of a page', async () => {
    const { app } = await guarded();
    const { client, session: other } = await signedIn(app);
    for (const path of [`/account/sessions/${other.id}/end`, '/account/sessions/end-others']) {
      const answer = await app.client().post(path, { form: {} });
      expect(answer.headers.get('location')).toMatch(/^\/login\?returnTo=%2F/);
    }
    expect((await client.get('/auth/session')).json.session.id).toBe(other.id);
  });
});

describe('a guard in the wrong place', () => {
  it.each([
    ['requireUser', requireUser(), 'requireUser stands before the session middleware'],
    ['requireUserOrLogin', requireUserOrLogin(), 'stands before the session middleware'],
    ['requireRole', requireRole('admin'), 'requireRole stands before requireUser()'],
    ['requireRecentLogin', requireRecentLogin(), 'requireRecentLogin stands before requireUser()'],
  ])('says so and how to mend it: %s', async (_name, guard, message) => {
    const own = new Hono<UserEnv>();
    own.onError((error, c) => c.text(error.message, 500));
    own.get('/', guard, (c) => c.text('let in'));
    const answer = await own.request('/');
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(text).toContain(message);
    expect(text).toContain('mount it behind (see src/app.ts for the order)');
  });
});
