import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { forgot, secretTo } from '../support/mail.ts';
import { decoded, inputOf, page, summaryOf } from '../support/pages.ts';
import { EMAIL } from '../support/requests.ts';

const PATHS = [
  '/',
  '/login',
  '/login?reset',
  '/register',
  '/register?sent',
  '/logout',
  '/forgot',
  '/forgot?sent',
  '/reset?token=x',
  '/verify?token=x',
  '/verify?done',
  '/account',
  '/account/sessions',
  '/nowhere',
];

describe('a page', () => {
  it.each(PATHS)('has one heading, one main part and no id twice: %s', async (path) => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const browser = path.startsWith('/account') ? client : app.client();
    const text = await page(browser, path);
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text.match(/<main/g)).toHaveLength(1);
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of text.matchAll(/<label for="([^"]*)"/g)) expect(ids).toContain(id);
    expect(text.match(/<input id=/g) ?? []).toHaveLength(text.match(/<label for=/g)?.length ?? 0);
  });

  it('says the rules of a password before, and ties them to the field', async () => {
    const app = await createTestApp({ env: { PASSWORD_MIN_LENGTH: '14' } });
    const client = app.client();
    await app.registered();
    await forgot(app);
    const reset = `/reset?token=${await secretTo(app, 'reset')}`;
    for (const path of ['/register', reset]) {
      const text = await page(client, path);
      expect(text.indexOf('At least 14 characters.')).toBeLessThan(text.indexOf('id="password"'));
      expect(text).toMatch(/<p class="hint" id="password-hint">At least 14/);
      expect(inputOf(text, 'password')).toContain('aria-describedby="password-hint"');
    }
  });
});

describe('a refused form', () => {
  it('says so in its title, and gives the focus to a summary that links to the fields', async () => {
    const client = (await createTestApp()).client();
    const form = { email: 'x', username: '!', name: '', password: PASSWORD };
    const answer = await client.post('/auth/register', { form });
    expect(answer.text).toContain('<title>Error: Register · Gatehouse</title>');
    expect(answer.text).toMatch(/<div class="notice" tabindex="-1" autofocus="" role="alert">/);
    expect(summaryOf(answer)).toEqual([
      ['email', 'Email: This is not an email address.'],
      [
        'username',
        'User name (optional): Use 2 to 32 letters, digits, dots, hyphens or underscores.',
      ],
    ]);
    const email = inputOf(answer.text, 'email');
    expect(email).toContain('aria-invalid="true" aria-describedby="email-error"');
    const username = inputOf(answer.text, 'username');
    expect(username).toContain('aria-describedby="username-hint username-error"');
    expect(inputOf(answer.text, 'password')).not.toContain('aria-invalid');
  });

  it('shows a taken name beside its field', async () => {
    const app = await createTestApp();
    await app.registered();
    // With the right one it would be the same form again.
    const form = { email: EMAIL, password: 'another horse battery staple' };
    const answer = await app.client().post('/auth/register', { form });
    expect(summaryOf(answer)).toEqual([
      ['email', 'Email: An account with this email exists already.'],
    ]);
  });

  it('tells nobody which of name and password was wrong', async () => {
    const app = await createTestApp();
    await app.registered();
    for (const email of [EMAIL, 'nobody@example.com']) {
      const answer = await app.client().post('/auth/login', { form: { email, password: 'x' } });
      expect(answer.status).toBe(401);
      expect([summaryOf(answer), answer.text.includes('aria-invalid')]).toEqual([[], false]);
    }
  });

  it('shows a wrong password of somebody signed in beside its field', async () => {
    const { client } = await (await createTestApp()).registered();
    const wrong = 'not the password at all';
    const form = { currentPassword: wrong, newPassword: 'another fine pass phrase' };
    const change = await client.post('/account/password', { form });
    const said = 'That is not your password.';
    expect(summaryOf(change)).toEqual([['currentPassword', `Your password now: ${said}`]]);
    const deletion = await client.post('/account/delete', { form: { password: wrong } });
    expect(summaryOf(deletion)).toEqual([['delete-password', `Your password: ${said}`]]);
    expect(deletion.text).not.toContain(wrong);
  });

  it('says how long to wait after too many tries', async () => {
    const app = await createTestApp({ env: { LIMIT_LOGIN_ADDRESS: '1/10m' } });
    const client = app.client();
    const form = { email: 'nobody@example.com', password: 'x' };
    await client.post('/auth/login', { form });
    const { status, text } = await client.post('/auth/login', { form });
    expect(status).toBe(429);
    expect(decoded(text)).toMatch(/You can try again in (10|9) minutes\./);
  });
});
