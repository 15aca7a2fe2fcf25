import { describe, expect, it } from 'vitest';
import { signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import {
  changeEmail,
  disown,
  forgot,
  INVALID,
  lettersTo,
  NEW_PASSWORD,
  outcomeOf,
  reset,
  resetSecret,
  secretTo,
  verify,
  verifyChange,
} from '../support/mail.ts';
import { expectNobody, login } from '../support/requests.ts';

/** A stranger has registered with Ada's address, and is signed in on two devices. */
async function withStranger() {
  const app = await createTestApp();
  const { client: stranger } = await app.registered();
  const { client: phone } = await signedIn(app);
  for (const session of [stranger, phone]) await session.get('/auth/session');
  return { app, stranger, phone, token: await secretTo(app, 'verification') };
}

describe('"this was not me"', () => {
  it('shuts out whoever registered with the address, on every device', async () => {
    const { app, stranger, phone, token } = await withStranger();
    const answer = await disown(app.client(), token);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/verify?disowned']);
    expect(answer.cookies).toEqual([]);
    for (const session of [stranger, phone]) expectNobody(await session.get('/auth/session'));
    expect(outcomeOf(await login(app.client()))).toEqual([401, 'invalid_credentials']);
    const [row] = await app.sql(sql`SELECT password_hash, email_verified FROM users`);
    expect(row).toEqual({ password_hash: null, email_verified: 0 });
    const said = (await app.client().get('/verify?disowned')).text;
    expect(said).toContain('can not sign in any more');
  });

  it('lets a login not in that checked the password before', async () => {
    const { app, token } = await withStranger();
    const creating = app.redis.hold('addIndexed');
    const late = app.client();
    const entering = login(late);
    await creating.arrived;
    expect((await disown(app.client(), token)).status).toBe(303);
    creating.release();
    await entering;
    expectNobody(await late.get('/auth/session'));
  });

  it('leaves the account to the holder of the address, by a reset', async () => {
    const { app, token } = await withStranger();
    await disown(app.client(), token);
    const secret = await resetSecret(app);
    expect((await reset(app.client(), secret)).status).toBe(204);
    const { user } = await signedIn(app, { password: NEW_PASSWORD });
    expect(user.emailVerified).toBe(true);
    expect((await login(app.client())).status).toBe(401);
  });

  it('stops what the stranger has asked for', async () => {
    const { app, stranger, token } = await withStranger();
    await changeEmail(stranger, 'stranger@example.com');
    const move = await secretTo(app, 'change_email', 'stranger@example.com');
    await stranger.post('/auth/email/verification');
    const confirm = await secretTo(app, 'verification');
    await disown(app.client(), token);
    expect(outcomeOf(await verifyChange(app.client(), move))).toEqual(INVALID);
    expect(outcomeOf(await verify(app.client(), confirm))).toEqual(INVALID);
    const [row] = await app.sql(sql`SELECT email FROM users`);
    expect(row?.email).toBe('ada@example.com');
  });

  it('works once, and not after the address was confirmed by the same link', async () => {
    const { app, token } = await withStranger();
    await disown(app.client(), token);
    expect((await disown(app.client(), token)).status).toBe(400);
    expect(outcomeOf(await verify(app.client(), token))).toEqual(INVALID);
    const other = await app.registered('bob@example.com');
    const secret = await secretTo(app, 'verification', 'bob@example.com');
    await verify(app.client(), secret);
    expect((await disown(app.client(), secret)).status).toBe(400);
    expect((await other.client.get('/auth/session')).json.user.emailVerified).toBe(true);
  });

  it('is no button of a link that moves an account, and no use of it', async () => {
    const { app, stranger } = await withStranger();
    await changeEmail(stranger, 'new@example.com');
    const { text } = (await app.mailTo('new@example.com')).at(-1) ?? { text: '' };
    const [, path = ''] = /http:\/\/localhost:3000(\/verify\S+)/.exec(text) ?? [];
    const page = await app.client().get(path);
    expect(page.text).toContain('action="/auth/email/verify"');
    expect(page.text).not.toContain('/verify/disown');
    const move = await secretTo(app, 'change_email', 'new@example.com');
    expect((await disown(app.client(), move)).status).toBe(400);
    expect((await stranger.get('/auth/session')).json.user).not.toBeNull();
    expect((await verifyChange(app.client(), move)).status).toBe(204);
  });

  it('takes forms only, and nothing by GET', async () => {
    const { app, stranger, token } = await withStranger();
    const json = { token };
    expect((await app.client().post('/verify/disown', { json })).status).toBe(415);
    expect((await app.client().get(`/verify/disown?token=${token}`)).status).toBe(405);
    const elsewhere = { form: { token }, headers: { 'sec-fetch-site': 'cross-site' } };
    expect((await app.client().post('/verify/disown', elsewhere)).status).toBe(403);
    expect((await stranger.get('/auth/session')).json.user).not.toBeNull();
  });

  it('mails nobody: the address is not the stranger', async () => {
    const { app, token } = await withStranger();
    await disown(app.client(), token);
    expect(await lettersTo(app)).toEqual(['verification']);
  });

  it('is an event of the account', async () => {
    const { app, token } = await withStranger();
    await disown(app.client(), token);
    const [event] = await app.sql(sql`SELECT * FROM events WHERE kind = 'password_disowned'`);
    expect(event).toMatchObject({ actor_id: null, ip: '192.0.2.1' });
  });
});

describe('an account that a stranger made before', () => {
  it('is theirs no more once the holder of the address has set a password', async () => {
    const { app, stranger, phone } = await withStranger();
    expect((await forgot(app)).status).toBe(202);
    expect((await reset(app.client(), await secretTo(app, 'reset'))).status).toBe(204);
    for (const session of [stranger, phone]) expectNobody(await session.get('/auth/session'));
    expect((await login(app.client(), { password: PASSWORD })).status).toBe(401);
  });
});
