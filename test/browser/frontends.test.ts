import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { it, openBrowser, openPage, world } from './support/browser.ts';
import { greeted, newPerson, press, register, somebody, titled } from './support/people.ts';

/** What a browser says of an answer that a page may not read, and of one such as 403. */
const BLOCKED = /blocked by CORS policy|Failed to load resource/;

interface Call {
  method?: string;
  path: string;
  json?: unknown;
  type?: string;
}

interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
  json: any;
}

/** What the script of a page gets by `fetch` with credentials; null: it may not read the answer. */
async function call(page: Page, { method = 'GET', path, json, type }: Call): Promise<Reply | null> {
  const url = world().gatehouse.url + path;
  const body = json === undefined ? null : JSON.stringify(json);
  const headers = body === null ? {} : { 'content-type': type ?? 'application/json' };
  const answer = await page.evaluate(
    async ([url, asked]) => {
      try {
        const answer = await fetch(url, asked);
        return { status: answer.status, text: await answer.text() };
      } catch {
        return null;
      }
    },
    [url, { method, headers, body, credentials: 'include' }] as const,
  );
  return answer && { status: answer.status, json: answer.text && JSON.parse(answer.text) };
}

describe('a frontend on another origin', () => {
  it('registers, signs in, keeps data and signs out, where it is trusted', async () => {
    const page = await openPage();
    await page.goto(`http://localhost:${world().sites.trusted}`);
    const person = newPerson();
    const session = () => call(page, { path: '/auth/session' });
    expect(await session()).toEqual({ status: 200, json: { user: null, session: null } });

    const registered = await call(page, { method: 'POST', path: '/auth/register', json: person });
    expect(registered?.status).toBe(201);
    expect((await call(page, { method: 'POST', path: '/auth/logout' }))?.status).toBe(204);
    expect((await session())?.json.user).toBe(null);

    const signedIn = await call(page, { method: 'POST', path: '/auth/login', json: person });
    expect([signedIn?.status, signedIn?.json.user.email]).toEqual([200, person.email]);
    expect((await session())?.json.user.email).toBe(person.email);
    const data = { path: '/auth/session/data' };
    const patched = await call(page, { ...data, method: 'PATCH', json: { cart: ['a book'] } });
    expect(patched).toEqual({ status: 200, json: { cart: ['a book'] } });
    await page.reload();
    expect(await call(page, data)).toEqual({ status: 200, json: { cart: ['a book'] } });
    expect(await page.context().cookies(world().gatehouse.url)).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'gatehouse', httpOnly: true })]),
    );

    expect((await call(page, { method: 'POST', path: '/auth/logout' }))?.status).toBe(204);
    expect((await session())?.json.user).toBe(null);
  });

  it('gets somebody back whom it sent to sign in', async () => {
    const { person } = await somebody();
    const page = await openPage();
    const frontend = `http://localhost:${world().sites.trusted}/?page=2`;
    await page.goto(`/login?returnTo=${encodeURIComponent(frontend)}`);
    await page.getByLabel('Email or user name').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await press(page, 'Sign in');
    await titled(page, 'Elsewhere');
    expect(page.url()).toBe(frontend);
    expect((await call(page, { path: '/auth/session' }))?.json.user.email).toBe(person.email);
  });

  it('can neither read nor change anything, where it is not trusted', async () => {
    const { person: other } = await somebody();
    const context = await openBrowser({}, BLOCKED);
    const own = await context.newPage();
    const person = newPerson();
    await register(own, person);
    await greeted(own, person);
    // The same site, so the cookie comes along.
    const page = await context.newPage();
    await page.goto(`http://localhost:${world().sites.strange}`);
    for (const path of ['/auth/session', '/auth/sessions', '/auth/session/data', '/']) {
      expect(await call(page, { path }), path).toBe(null);
    }
    const type = 'text/plain';
    for (const change of [
      { method: 'PATCH', path: '/auth/session/data', json: { planted: true } },
      { method: 'PATCH', path: '/auth/user', json: { name: 'Mallory' } },
      { method: 'DELETE', path: '/auth/sessions?include=current' },
      { method: 'POST', path: '/auth/logout' },
      { method: 'POST', path: '/auth/login', json: other, type },
      { method: 'POST', path: '/auth/register', json: newPerson(), type },
    ]) {
      expect(await call(page, change), change.path).toBe(null);
    }
    await own.reload();
    await greeted(own, person);
    expect(await (await context.request.get('/auth/session/data')).json()).toEqual({});
  });
});

describe('a form on another site', () => {
  const strange = (fields: Record<string, string>) =>
    `http://127.0.0.1:${world().sites.strange}/?${new URLSearchParams(fields)}`;

  it('signs nobody in', async () => {
    const { person } = await somebody();
    const page = await openPage();
    const action = `${world().gatehouse.url}/auth/login`;
    await page.goto(strange({ action, ...person }));
    const [answer] = await Promise.all([page.waitForResponse(action), press(page, 'Win')]);
    expect(answer.status()).toBe(403);
    await page.getByText('Requests from other sites are refused.').waitFor();
    expect(await page.context().cookies(world().gatehouse.url)).toEqual([]);
    await page.goto('/');
    await titled(page, 'Welcome');
  });

  it('signs nobody out', async () => {
    const { person, page } = await somebody();
    const action = `${world().gatehouse.url}/auth/logout`;
    await page.goto(strange({ action }));
    const [answer] = await Promise.all([page.waitForResponse(action), press(page, 'Win')]);
    expect(answer.status()).toBe(403);
    await page.goto('/');
    await greeted(page, person);
  });
});
