import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { cookieOf, costOf, counterOf, NO_COST, TRUSTED } from '../support/requests.ts';

const heading = (text: string) => /<h1>(.*)<\/h1>/.exec(text)?.[1];

async function registered(names: Record<string, string>) {
  const client = (await createTestApp()).client();
  const { json } = await client.post('/auth/register', { json: { ...names, password: PASSWORD } });
  return { client, ...json };
}

describe('a page', () => {
  it.each(['/', '/login', '/register', '/logout'])(
    'is drawn for a visitor without a look-up and without a cookie: %s',
    async (path) => {
      const app = await createTestApp({ store: 'rest' });
      const cost = await costOf(app, async () => {
        const { status, headers, text, cookies } = await app.client().get(path);
        expect([status, cookies]).toEqual([200, []]);
        expect(headers.get('content-type')).toBe('text/html; charset=UTF-8');
        expect(text).toMatch(/^<!DOCTYPE html><html lang="en">.*<title>.+<\/title>.*<\/html>$/s);
      });
      expect(cost).toEqual(NO_COST);
    },
  );

  it('has what a password manager needs', async () => {
    const client = (await createTestApp()).client();
    const login = (await client.get('/login')).text;
    expect(login).toMatch(/name="email"[^>]* autocomplete="username"/);
    expect(login).toMatch(/type="password"[^>]* autocomplete="current-password"/);
    const register = (await client.get('/register')).text;
    expect(register).toMatch(/type="password"[^>]* autocomplete="new-password"/);
  });

  it('posts to the API, and keeps where the visitor wanted to go', async () => {
    const client = (await createTestApp()).client();
    for (const path of ['/login', '/register']) {
      const { text } = await client.get(`${path}?returnTo=${encodeURIComponent('/a?b=c&d=e')}`);
      expect(text).toContain(`<form method="post" action="/auth${path}">`);
      expect(text).toContain('<input type="hidden" name="returnTo" value="/a?b=c&amp;d=e"/>');
      const other = path === '/login' ? '/register' : '/login';
      expect(text).toContain(`href="${other}?returnTo=%2Fa%3Fb%3Dc%26d%3De"`);
    }
    expect((await client.get('/login')).text).not.toContain('returnTo');
  });

  it('for those who are not signed in sends others on', async () => {
    const app = await createTestApp({ env: { TRUSTED_ORIGINS: TRUSTED } });
    const { client } = await app.registered();
    for (const path of ['/login', '/register']) {
      for (const [query, to] of [
        ['', '/'],
        ['?returnTo=/a%3Fb', '/a?b'],
        [`?returnTo=${TRUSTED}/x`, `${TRUSTED}/x`],
        ['?returnTo=//evil.example', '/'],
      ]) {
        const { status, headers, cookies } = await client.get(path + query);
        expect([status, headers.get('location'), cookies]).toEqual([303, to, []]);
      }
    }
  });
});

describe('the front page', () => {
  it('offers a visitor to sign in', async () => {
    const { text } = await (await createTestApp()).client().get('/');
    expect(text).toContain('You are not signed in.');
    expect(text).toContain('href="/login"');
    expect(text).toContain('href="/register"');
    expect(text).not.toContain('action="/auth/logout"');
  });

  it.each([
    [{ email: 'ada@example.com', username: 'ada', name: 'Ada L.' }, 'Hello, Ada L.'],
    [{ email: 'ada@example.com', username: 'ada' }, 'Hello, ada'],
    [{ email: 'ada@example.com' }, 'Hello, ada@example.com'],
  ])('greets by the best name that there is: %j', async (names, greeting) => {
    const { client, session } = await registered(names);
    const { text } = await client.get('/');
    expect(heading(text)).toBe(greeting);
    expect(text).toContain(`<dd>${session.id}</dd>`);
    expect(text).toContain('action="/auth/logout"');
    expect(text).not.toContain('You are not signed in.');
  });

  it('shows a name as text, whatever is in it', async () => {
    const name = '</h1><script>alert(1)</script>"\'&amp;';
    const { text } = await (await registered({ username: 'ada', name })).client.get('/');
    expect(text).not.toContain('<script>');
    expect(heading(text)).toContain('&lt;/h1&gt;&lt;script&gt;');
  });
});

describe('POST /counter', () => {
  it('starts one anonymous session for a visitor, in a cookie that goes with the browser', async () => {
    const client = (await createTestApp()).client();
    const first = await client.post('/counter', { form: {} });
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    const { name, attributes } = cookieOf(first);
    expect([name, attributes]).toEqual(['gatehouse', ['HttpOnly', 'Path=/', 'SameSite=Lax']]);

    const second = await client.post('/counter');
    expect([second.status, second.cookies]).toEqual([303, []]);
    expect(await counterOf(client)).toBe(2);
  });

  it('counts in the session of somebody signed in, and keeps the cookie', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    for (let i = 1; i <= 3; i += 1) {
      expect((await client.post('/counter')).cookies).toEqual([]);
      expect(await counterOf(client)).toBe(i);
    }
    expect((await client.get('/auth/session')).json.session.id).toBe(session.id);
    const other = await app.registered('eve@example.com');
    expect(await counterOf(other.client)).toBe(0);
  });
});
