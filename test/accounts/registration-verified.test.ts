import { describe, expect, it } from 'vitest';
import { hours } from '../../src/time.ts';
import { signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Sent } from '../support/client.ts';
import {
  lettersTo,
  NEW_PASSWORD,
  outcomeOf,
  queued,
  reset,
  secretTo,
  seen,
} from '../support/mail.ts';
import { costOf, countUsers, EMAIL, expectNobody, from, login } from '../support/requests.ts';

const TAKEN = 'taken@example.com';

const ask = (app: TestApp, json: object = { email: EMAIL }, sent: Sent = {}) =>
  app.client().post('/auth/register', { json, ...sent });

/** Only whoever holds a mailed link makes an account; one is there already. */
async function verified() {
  const app = await createTestApp({
    store: 'rest',
    env: { REGISTRATION: 'verified' },
  });
  await ask(app, { email: TAKEN });
  await reset(app.client(), await secretTo(app, 'register', TAKEN), PASSWORD);
  return app;
}

describe('registration by a mailed link', () => {
  it('answers the same in the same steps, whether the address is taken or not', async () => {
    const app = await verified();
    const answers = [];
    for (const email of [EMAIL, TAKEN]) {
      let answer = null as Awaited<ReturnType<typeof ask>> | null;
      const cost = await costOf(app, async () => {
        answer = await ask(app, { email, name: 'Ada' });
      });
      answers.push({ cost, ...(answer && seen(answer)) });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 202, text: '{}' });
    expect(answers[0]?.cost).toEqual({ commands: ['EVAL'], statements: 1 });
  });

  it('makes no account until a password is set by the link', async () => {
    const app = await verified();
    const client = app.client();
    await client.post('/auth/register', { json: { email: EMAIL, name: ' Ada ' } });
    expect(await lettersTo(app)).toEqual(['register']);
    expectNobody(await client.get('/auth/session'));
    expect(await countUsers(app)).toBe(1);
    expect((await login(app.client())).status).toBe(401);

    const answer = await reset(client, await secretTo(app, 'register'));
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.cookies).toEqual([expect.stringMatching(/^gatehouse-device=/)]);
    expectNobody(await client.get('/auth/session'));
    const { user } = await signedIn(app, { password: NEW_PASSWORD });
    expect(user).toMatchObject({ email: EMAIL, name: 'Ada', emailVerified: true, username: null });
    expect(user.roles).toEqual(['user']);
    expect(await queued(app)).toEqual([]);
  });

  it('tells whoever has the address, with no link that sets anything', async () => {
    const app = await verified();
    await ask(app, { email: TAKEN });
    expect(await lettersTo(app, TAKEN)).toEqual(['register', 'already_registered']);
    expect((await app.mailTo(TAKEN)).at(-1)?.text).not.toContain('token=');
    expect((await login(app.client(), { email: TAKEN })).status).toBe(200);
  });

  it.each([
    ['password', { password: PASSWORD }],
    ['username', { username: 'ada' }],
    ['roles', { roles: ['admin'] }],
    ['emailVerified', { emailVerified: true }],
  ])('refuses %s in the body, which is for others to set', async (path, more) => {
    const app = await verified();
    const answer = await ask(app, { email: EMAIL, ...more });
    expect(answer.json.errors).toMatchObject([{ path, code: 'unknown_key' }]);
    expect(answer.status).toBe(400);
    expect(await queued(app)).toEqual([]);
  });

  it('refuses what is no address, and what is no name', async () => {
    const app = await verified();
    expect(outcomeOf(await ask(app, {}))).toEqual([400, 'invalid_request']);
    expect(outcomeOf(await ask(app, { email: 'ada' }))).toEqual([400, 'invalid_request']);
    const name = 'Ada\r\nBcc: eve@example.com';
    expect(outcomeOf(await ask(app, { email: EMAIL, name }))).toEqual([400, 'invalid_request']);
  });

  it('says nothing in the mail that a stranger typed', async () => {
    const app = await verified();
    await ask(app, { email: EMAIL, name: 'Win at https://evil.example' });
    const [message] = await app.mailTo(EMAIL);
    expect(JSON.stringify(message)).not.toContain('evil.example');
  });

  it('leads from a dead link to where one asks for another', async () => {
    const app = await verified();
    const form = { token: 'a'.repeat(43), password: PASSWORD };
    const dead = await app.client().post('/auth/password/reset', { form });
    for (const page of [dead, await app.client().get('/reset')]) {
      expect(page.text).toContain('<a href="/register">Register</a>');
    }
    const open = await createTestApp();
    expect((await open.client().get('/reset')).text).not.toContain('No account yet?');
  });

  it('is 429 after 60 in an hour from one address', async () => {
    const app = await verified();
    for (let i = 0; i < 59; i += 1) {
      expect((await ask(app, { email: `n${i}@example.com` })).status).toBe(202);
    }
    expect(outcomeOf(await ask(app))).toEqual([429, 'rate_limited']);
    expect((await ask(app, { email: EMAIL }, from('192.0.2.9'))).status).toBe(202);
    await app.advance(hours(1));
    expect((await ask(app)).status).toBe(202);
  });

  it('uses up no tries while the database is down', async () => {
    const app = await verified();
    app.breakDatabase('status-500');
    for (let i = 0; i < 21; i += 1) expect((await ask(app)).status).toBe(503);
    app.breakDatabase(null);
    expect((await ask(app)).status).toBe(202);
  });
});

describe('the page /register under REGISTRATION=verified', () => {
  it('asks for no password, and then says the same to everybody', async () => {
    const app = await verified();
    const page = await app.client().get('/register');
    expect(page.text).toContain('action="/auth/register"');
    expect(page.text).not.toContain('type="password"');
    for (const email of [EMAIL, TAKEN]) {
      const sent = await app.client().post('/auth/register', { form: { email, name: '' } });
      expect([sent.status, sent.headers.get('location')]).toEqual([303, '/register?sent']);
    }
    const said = await app.client().get('/register?sent');
    expect(said.text).toContain('a link is on its way');
    expect(said.text).not.toContain('action="/auth/register"');
  });

  it('shows the form again when it is refused', async () => {
    const app = await verified();
    const answer = await app.client().post('/auth/register', { form: { email: 'ada@' } });
    expect([answer.status, answer.text.includes('value="ada@"')]).toEqual([400, true]);
  });
});
