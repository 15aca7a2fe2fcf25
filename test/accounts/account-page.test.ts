import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/time.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { lettersTo, queued, secretTo, verify } from '../support/mail.ts';
import { cookieOf, EMAIL } from '../support/requests.ts';

const NEW = 'new@example.com';

async function withAda() {
  const app = await createTestApp();
  const { client } = await app.registered();
  await app.settled();
  return { app, client };
}

const page = async (client: Client) => (await client.get('/account')).text;

const send = (client: Client, name: string, form: Record<string, string> = {}) =>
  client.post(`/account/${name}`, { form });

/** Sends a form that works, and answers what the page says afterwards. */
async function done(client: Client, name: string, form: Record<string, string> = {}) {
  const answer = await send(client, name, form);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account']);
  return page(client);
}

const userOf = async (client: Client) => (await client.get('/auth/session')).json.user;

describe('the page /account', () => {
  it('sends visitors to sign in, and back', async () => {
    const { app } = await withAda();
    const client = app.client();
    const sent = await client.get('/account');
    expect([sent.status, sent.headers.get('location')]).toEqual([
      303,
      '/login?returnTo=%2Faccount',
    ]);
    const form = { email: EMAIL, password: PASSWORD, returnTo: '/account' };
    const back = await client.post('/auth/login', { form });
    expect(back.headers.get('location')).toBe('/account');
  });

  it('shows who one is, escaped, and is kept by nobody', async () => {
    const { client } = await withAda();
    const json = { name: '<script>"Ada"</script>', username: 'ada' };
    await client.request('PATCH', '/auth/user', { json });
    const answer = await client.get('/account');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.text).toContain('value="&lt;script&gt;&quot;Ada&quot;&lt;/script&gt;"');
    expect(answer.text).toContain('value="ada"');
    expect(answer.text).toContain('ada@example.com, not confirmed yet.');
    expect(answer.text).toContain('href="/account/sessions"');
    expect(answer.text).not.toContain('<script>"Ada"');
  });

  it.each(['name', 'password', 'email', 'verification', 'delete'])(
    'takes the form %s from nobody who is not signed in, and no JSON',
    async (name) => {
      const { app, client } = await withAda();
      const visitor = await send(app.client(), name);
      expect([visitor.status, visitor.headers.get('location')]).toEqual([
        303,
        '/login?returnTo=%2F',
      ]);
      const json = { name: 'Eve', email: NEW, password: PASSWORD };
      expect((await client.post(`/account/${name}`, { json })).status).toBe(415);
      const form = { name: 'Eve', email: NEW, password: PASSWORD };
      const elsewhere = { form, headers: { origin: 'https://evil.example' } };
      expect((await client.post(`/account/${name}`, elsewhere)).status).toBe(403);
      expect(await userOf(client)).toMatchObject({ name: null, email: EMAIL });
      expect(await queued(app)).toEqual([]);
    },
  );

  it('changes the name and the user name, and takes the name away', async () => {
    const { client } = await withAda();
    expect(await done(client, 'name', { name: 'Ada', username: 'Ada' })).toContain('Saved.');
    expect(await userOf(client)).toMatchObject({ name: 'Ada', username: 'ada' });
    await done(client, 'name', { name: '' });
    expect(await userOf(client)).toMatchObject({ name: null, username: 'ada' });
    expect(await page(client)).not.toContain('Saved.');
  });

  it('says what is wrong beside what was typed', async () => {
    const { app, client } = await withAda();
    const json = { username: 'bob', password: PASSWORD };
    await app.client().post('/auth/register', { json });
    const taken = await send(client, 'name', { name: 'Ada', username: 'bob' });
    expect([taken.status, taken.text.includes('value="bob"')]).toEqual([409, true]);
    const wrong = await send(client, 'name', { name: 'Ada', username: 'a b' });
    expect([wrong.status, wrong.text.includes('value="a b"')]).toEqual([400, true]);
    expect((await userOf(client)).name).toBeNull();
  });
});

describe('the email form of the page', () => {
  it('sends the link', async () => {
    const { app, client } = await withAda();
    expect(await done(client, 'email', { email: NEW })).toContain(`on its way to ${NEW}`);
    await verify(client, await secretTo(app, 'change_email', NEW));
    expect(await page(client)).toContain(`${NEW}, confirmed.`);
  });

  it('asks for the password when the login is older than ten minutes', async () => {
    const { app, client } = await withAda();
    expect(await page(client)).not.toContain('id="email-password"');
    await app.advance(minutes(10) + seconds(5));
    expect(await page(client)).toContain('id="email-password"');
    const without = await send(client, 'email', { email: NEW });
    expect([without.status, without.text.includes(`value="${NEW}"`)]).toEqual([403, true]);
    const wrong = await send(client, 'email', { email: NEW, password: 'not the password' });
    expect(wrong.status).toBe(401);
    expect(await queued(app)).toEqual([]);
    const answer = await send(client, 'email', { email: NEW, password: PASSWORD });
    expect([answer.status, cookieOf(answer).name]).toEqual([303, 'gatehouse']);
    expect(await lettersTo(app, NEW)).toEqual(['change_email']);
    expect(await page(client)).not.toContain('id="email-password"');
  });

  it('sends the link to the own address again, while it is not confirmed', async () => {
    const { app, client } = await withAda();
    expect(await page(client)).toContain('action="/account/verification"');
    expect(await done(client, 'verification')).toContain('on its way to your address');
    await verify(app.client(), await secretTo(app, 'verification'));
    expect(await page(client)).not.toContain('action="/account/verification"');
  });

  it('shows what is no address again', async () => {
    const { client } = await withAda();
    const answer = await send(client, 'email', { email: 'ada@' });
    expect([answer.status, answer.text.includes('value="ada@"')]).toEqual([400, true]);
  });
});
