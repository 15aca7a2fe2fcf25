import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { EMAIL, FORM_TYPE, fail, login, withAda } from '../support/requests.ts';

const SECRET = 'Se<cr>et "pass" & w\u00f6rd';

/** The text of an attribute as a browser reads it. */
function decoded(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };
  return text.replace(/&([a-z]+|#\d+);/g, (whole, name: string) => names[name] ?? whole);
}

/** What stands in a field of a page. */
function filledIn({ text }: Answer, name: string): string | undefined {
  const [input] = new RegExp(`<input[^>]* name="${name}"[^>]*>`).exec(text) ?? [];
  const value = /value="([^"]*)"/.exec(input ?? '')?.[1];
  return value === undefined ? undefined : decoded(value);
}

const notice = ({ text }: Answer) => decoded(/role="alert"><p>([^<]*)</.exec(text)?.[1] ?? '');

function expectPage(answer: Answer, status: number, action: string) {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=UTF-8');
  expect(answer.text).toContain(`<form method="post" action="${action}">`);
  expect([answer.headers.get('location'), answer.cookies]).toEqual([null, []]);
  expect(notice(answer)).not.toBe('');
}

describe('a form that is refused', () => {
  it('shows the login page again, with what was typed but for the password', async () => {
    const { app, post } = await withAda();
    const form = { email: EMAIL, password: SECRET, remember: 'on', returnTo: '/a?b=c&d=e' };
    const answer = await post('/auth/login', { form });
    expectPage(answer, 401, '/auth/login');
    expect(notice(answer)).toBe((await login(app.client(), { password: SECRET })).json.detail);
    expect(filledIn(answer, 'email')).toBe(EMAIL);
    expect(filledIn(answer, 'returnTo')).toBe('/a?b=c&d=e');
    expect(answer.text).toMatch(/name="remember" checked/);
  });

  it('shows the registration page again, with a message at each field', async () => {
    const { post } = await withAda();
    const form = { email: 'x', username: '!', name: 'a\tb', password: 'short', returnTo: '/a' };
    const answer = await post('/auth/register', { form });
    expectPage(answer, 400, '/auth/register');
    for (const field of ['email', 'username', 'name'] as const) {
      expect(filledIn(answer, field)).toBe(form[field]);
      expect(answer.text).toMatch(new RegExp(`<p class="wrong" id="${field}-error">[A-Z].+?</p>`));
    }
    expect(filledIn(answer, 'returnTo')).toBe('/a');
  });

  it('shows why a name was not taken', async () => {
    const { post } = await withAda();
    const answer = await post('/auth/register', { form: { email: EMAIL, password: PASSWORD } });
    expectPage(answer, 409, '/auth/register');
    expect(filledIn(answer, 'email')).toBe(EMAIL);
  });

  it.each(['/auth/login', '/auth/register'])('never shows a password again: %s', async (path) => {
    const { post } = await withAda();
    const forms = [
      { email: EMAIL, password: SECRET },
      { email: 'x', password: SECRET, role: 'admin' },
      { email: '', password: SECRET },
      { email: EMAIL, password: SECRET, remember: 'perhaps', name: 'a\nb' },
    ];
    for (const form of forms) {
      const { text } = await post(path, { form: form as Record<string, string> });
      expect(decoded(text)).not.toContain(SECRET);
      expect(text).not.toContain(encodeURIComponent(SECRET));
      expect(text).not.toMatch(/type="password"[^>]* value=/);
    }
  });

  it('writes what was typed as text, wherever it stands', async () => {
    const { post } = await withAda();
    const script = `"'><script>alert(1)</script><input x="`;
    const fields = {
      email: `${script}@x`,
      username: script,
      name: `${script}\n`,
      returnTo: script,
    };
    for (const [path, form] of [
      ['/auth/login', { email: script, password: 'x', remember: script, returnTo: script }],
      ['/auth/register', { ...fields, password: 'x', [script]: script }],
    ] as const) {
      const answer = await post(path, { form });
      expectPage(answer, 400, path);
      expect(answer.text).not.toMatch(/<script>|<input x/);
      expect(filledIn(answer, 'email')).toBe(form.email);
      expect(filledIn(answer, 'returnTo')).toBe(script);
    }
  });

  it('keeps a returnTo of the address bar as text, too', async () => {
    const { app } = await withAda();
    const returnTo = '"><script>alert(1)</script>';
    const page = await app.client().get(`/login?returnTo=${encodeURIComponent(returnTo)}`);
    expect(page.text).not.toContain('<script>');
    expect(filledIn(page, 'returnTo')).toBe(returnTo);
  });

  it('shows its page again when too many tries were made, and when a part does not answer', async () => {
    const { app, post } = await withAda();
    await fail(app, 10);
    const form = { email: EMAIL, password: PASSWORD };
    const limited = await post('/auth/login', { form });
    expectPage(limited, 429, '/auth/login');
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    await app.breakStore('status-500');
    expectPage(await post('/auth/login', { form }), 503, '/auth/login');
  });

  it.each([
    ['/auth/login', `email=${EMAIL}&email=x&password=y`],
    ['/auth/login', 'email=%ff&password=y'],
    ['/auth/register', 'email=%&password=y'],
    ['/auth/logout', 'all=true'],
  ])('shows its page again when it can not be read: %s %s', async (path, body) => {
    const { post } = await withAda();
    expectPage(await post(path, { body, headers: FORM_TYPE }), 400, path);
  });

  it('is refused with two names, as JSON is', async () => {
    const { post } = await withAda();
    for (const email of [EMAIL, 'bob']) {
      const answer = await post('/auth/login', {
        form: { email, username: 'ada', password: PASSWORD },
      });
      expectPage(answer, 400, '/auth/login');
    }
  });
});
