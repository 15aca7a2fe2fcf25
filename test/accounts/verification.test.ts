import { describe, expect, it } from 'vitest';
import { hours, seconds } from '../../src/time.ts';
import { expectRefused, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import {
  changeEmail,
  INVALID,
  lettersTo,
  outcomeOf,
  queued,
  secretTo,
  verify,
  verifyChange,
} from '../support/mail.ts';
import { EMAIL } from '../support/requests.ts';

const again = (client: Client) => client.post('/auth/email/verification');

const verifiedOf = async (client: Client) =>
  (await client.get('/auth/session')).json.user.emailVerified;

async function withLink() {
  const app = await createTestApp();
  const { client } = await app.registered();
  await client.get('/auth/session');
  return { app, client, token: await secretTo(app, 'verification') };
}

describe('registering', () => {
  it('mails a link that confirms the address', async () => {
    const { app, client, token } = await withLink();
    expect(await lettersTo(app)).toEqual(['verification']);
    expect(await verifiedOf(client)).toBe(false);
    const answer = await verify(app.client(), token);
    expect([answer.status, answer.text, answer.cookies]).toEqual([204, '', []]);
    expect(await verifiedOf(client)).toBe(true);
  });

  it('with a user name alone mails nothing', async () => {
    const app = await createTestApp();
    const json = { username: 'ada', password: PASSWORD };
    expect((await app.client().post('/auth/register', { json })).status).toBe(201);
    expect(await queued(app)).toEqual([]);
  });

  it('that is refused mails nothing', async () => {
    const { app } = await withLink();
    const json = { email: EMAIL, password: PASSWORD };
    expect((await app.client().post('/auth/register', { json })).status).toBe(409);
    expect(await lettersTo(app)).toEqual(['verification']);
  });
});

describe('confirming an address', () => {
  it('holds on every live session at its next request, and ends none', async () => {
    const { app, client, token } = await withLink();
    const { client: phone } = await signedIn(app);
    await phone.get('/auth/session');
    await verify(app.client(), token);
    expect([await verifiedOf(client), await verifiedOf(phone)]).toEqual([true, true]);
    expect((await phone.get('/auth/verify')).headers.get('x-auth-email-verified')).toBe('true');
  });

  it('works once for a link', async () => {
    const { app, token } = await withLink();
    await verify(app.client(), token);
    expect(outcomeOf(await verify(app.client(), token))).toEqual(INVALID);
  });

  it.each([
    [hours(24) - seconds(5), [204]],
    [hours(24) + seconds(5), INVALID],
  ])('after %i ms is answered %j', async (span, expected) => {
    const { app, token } = await withLink();
    await app.advance(span);
    expect(outcomeOf(await verify(app.client(), token))).toEqual(expected);
  });

  it('is not done by a link to an address of before', async () => {
    const { app, client } = await withLink();
    await changeEmail(client, 'new@example.com');
    const move = await secretTo(app, 'change_email', 'new@example.com');
    await again(client);
    const late = await secretTo(app, 'verification');
    expect((await verifyChange(app.client(), move)).status).toBe(204);
    expect(outcomeOf(await verify(app.client(), late))).toEqual(INVALID);
    expect((await client.get('/auth/session')).json.user.email).toBe('new@example.com');
  });
});

describe('asking for the link again', () => {
  it('mails a second one, and both work until one is used', async () => {
    const { app, client, token } = await withLink();
    const answer = await again(client);
    expect([answer.status, answer.json]).toEqual([202, {}]);
    expect(await lettersTo(app)).toEqual(['verification', 'verification']);
    const second = await secretTo(app, 'verification');
    expect(second).not.toBe(token);
    expect((await verify(app.client(), second)).status).toBe(204);
    expect(await verifiedOf(client)).toBe(true);
  });

  it('mails nothing once the address is confirmed', async () => {
    const { app, client, token } = await withLink();
    await verify(app.client(), token);
    expect((await again(client)).status).toBe(202);
    expect(await lettersTo(app)).toEqual(['verification']);
  });

  it('is refused without an address', async () => {
    const app = await createTestApp();
    const client = app.client();
    await client.post('/auth/register', { json: { username: 'ada', password: PASSWORD } });
    const answer = await again(client);
    expectRefused(answer, 400, 'invalid_request');
    expect(answer.json.errors[0]).toMatchObject({ path: 'email', code: 'required' });
  });

  it('is for somebody signed in', async () => {
    const { app } = await withLink();
    expectRefused(await again(app.client()), 401, 'not_signed_in');
  });

  it('is 429 after three in an hour', async () => {
    const { app, client } = await withLink();
    for (let i = 0; i < 3; i += 1) expect((await again(client)).status).toBe(202);
    expectRefused(await again(client), 429, 'rate_limited');
    await app.advance(hours(1) - seconds(5));
    await client.get('/auth/session');
    await app.advance(seconds(6));
    expect((await again(client)).status).toBe(202);
  });

  it('uses up no tries while the database is down', async () => {
    const { app, client } = await withLink();
    app.breakDatabase('status-500');
    for (let i = 0; i < 4; i += 1) expect((await again(client)).status).toBe(503);
    app.breakDatabase(null);
    expect((await again(client)).status).toBe(202);
  });
});

describe('the page /verify', () => {
  it.each(['GET', 'HEAD'])('takes nothing by %s', async (method) => {
    const { app, client, token } = await withLink();
    for (let i = 0; i < 3; i += 1) {
      expect((await app.client().request(method, `/verify?token=${token}`)).status).toBe(200);
    }
    expect(await verifiedOf(client)).toBe(false);
    expect((await verify(app.client(), token)).status).toBe(204);
  });

  it('has one button to confirm and one to disown', async () => {
    const { app, token } = await withLink();
    const page = await app.client().get(`/verify?token=${token}`);
    expect(page.text).toContain('<form method="post" action="/auth/email/verify">');
    expect(page.text).toContain('<form method="post" action="/verify/disown">');
    expect(page.text.split(`value="${token}"`)).toHaveLength(3);
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  it('sends its form on to a page that says that it is done', async () => {
    const { app, client, token } = await withLink();
    const browser = app.client();
    const answer = await browser.post('/auth/email/verify', { form: { token } });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/verify?done']);
    expect((await browser.get('/verify?done')).text).toContain('Your address is confirmed.');
    expect(await verifiedOf(client)).toBe(true);
    const twice = await browser.post('/auth/email/verify', { form: { token } });
    expect([twice.status, twice.text.includes('This link does not work')]).toEqual([400, true]);
  });
});
