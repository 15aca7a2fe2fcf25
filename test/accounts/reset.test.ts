import { describe, expect, it } from 'vitest';
import { hours, seconds } from '../../src/time.ts';
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
} from '../support/mail.ts';
import { EMAIL, expectNobody, login } from '../support/requests.ts';

/** Somebody with two live sessions and a link in the mail. */
async function withLink() {
  const app = await createTestApp();
  const { client, user } = await app.registered();
  const { client: phone } = await signedIn(app);
  for (const session of [client, phone]) await session.get('/auth/session');
  const token = await resetSecret(app);
  return { app, client, phone, user, token };
}

const statusOf = async (app: Awaited<ReturnType<typeof createTestApp>>, password: string) =>
  (await login(app.client(), { password })).status;

describe('a reset', () => {
  it('lets the new password in and the old one no more', async () => {
    const { app, token } = await withLink();
    const answer = await reset(app.client(), token);
    expect([answer.status, answer.text]).toEqual([204, '']);
    // Not signed in, but known.
    expect(answer.cookies).toEqual([expect.stringMatching(/^gatehouse-device=/)]);
    expect(await statusOf(app, PASSWORD)).toBe(401);
    expect(await statusOf(app, NEW_PASSWORD)).toBe(200);
  });

  it('ends every session, and signs nobody in', async () => {
    const { app, client, phone, token } = await withLink();
    const browser = app.client();
    await reset(browser, token);
    for (const session of [client, phone, browser]) {
      expectNobody(await session.get('/auth/session'));
    }
  });

  it('ends the session of whoever sends it, too', async () => {
    const { client, token } = await withLink();
    expect((await reset(client, token)).status).toBe(204);
    expectNobody(await client.get('/auth/session'));
  });

  it('does not let a login in that checked the old password before', async () => {
    const { app, token } = await withLink();
    const creating = app.redis.hold('addIndexed');
    const late = app.client();
    const entering = login(late);
    await creating.arrived;
    expect((await reset(app.client(), token)).status).toBe(204);
    creating.release();
    await entering;
    expectNobody(await late.get('/auth/session'));
  });

  it('shows that the address is theirs, so it is marked verified', async () => {
    const { app, token } = await withLink();
    await reset(app.client(), token);
    const { user } = await signedIn(app, { password: NEW_PASSWORD });
    expect(user.emailVerified).toBe(true);
  });

  it('is told to the owner by mail', async () => {
    const { app, token } = await withLink();
    await reset(app.client(), token);
    expect(await lettersTo(app)).toEqual(['verification', 'reset', 'password_changed']);
  });

  it('gives a password to somebody who had none', async () => {
    const app = await createTestApp();
    await app.registered();
    await app.sql(sql`UPDATE users SET password_hash = NULL`);
    const token = await resetSecret(app);
    expect((await reset(app.client(), token)).status).toBe(204);
    expect(await statusOf(app, NEW_PASSWORD)).toBe(200);
  });
});

describe('the link of a reset', () => {
  it('works once', async () => {
    const { app, token } = await withLink();
    await reset(app.client(), token);
    expect(outcomeOf(await reset(app.client(), token, `${NEW_PASSWORD} two`))).toEqual(INVALID);
    expect(await statusOf(app, NEW_PASSWORD)).toBe(200);
  });

  it.each([
    [hours(1) - seconds(5), [204]],
    [hours(1) + seconds(5), INVALID],
  ])('after %i ms is answered %j', async (span, expected) => {
    const { app, token } = await withLink();
    await app.advance(span);
    expect(outcomeOf(await reset(app.client(), token))).toEqual(expected);
  });

  it('is not that of a verification or a change of address, nor the other way round', async () => {
    const { app, client, token } = await withLink();
    await changeEmail(client, 'new@example.com');
    const others = [
      await secretTo(app, 'verification'),
      await secretTo(app, 'change_email', 'new@example.com'),
    ];
    for (const other of others) {
      expect(outcomeOf(await reset(app.client(), other))).toEqual(INVALID);
    }
    expect(outcomeOf(await verify(app.client(), token))).toEqual(INVALID);
    expect((await disown(app.client(), token)).status).toBe(400);
    expect(await statusOf(app, PASSWORD)).toBe(200);
    // And none of that has burned any of them.
    expect((await verify(client, others[1] ?? '')).status).toBe(204);
  });

  it.each(['', 'x', 'x'.repeat(43), 'x'.repeat(256), "' OR 1=1 --", '\0'])(
    'that nobody was sent, such as %j, is answered like a used one',
    async (token) => {
      const app = await createTestApp();
      expect(outcomeOf(await reset(app.client(), token))).toEqual(INVALID);
    },
  );

  it.each([undefined, null, 1, ['x'], { digest: 'x' }, 'x'.repeat(257)])(
    'that is no text of some length, such as %j, is an invalid request',
    async (token) => {
      const app = await createTestApp();
      const answer = await reset(app.client(), token as never);
      expect(outcomeOf(answer)).toEqual([400, 'invalid_request']);
    },
  );

  it.each([
    ['too short', 'short'],
    ['common', 'passwordpassword'],
    ['made of the email', 'ada@example.com'],
    ['made of the user name', 'adalovelace1815'],
    ['made of the name', 'Augusta King-Noel'],
  ])('stays as it is when the password is %s', async (_, password) => {
    const { app, client, token } = await withLink();
    const json = { name: 'Augusta King-Noel', username: 'adalovelace1815' };
    expect((await client.request('PATCH', '/auth/user', { json })).status).toBe(200);
    const refused = await reset(app.client(), token, password);
    expect(outcomeOf(refused)).toEqual([400, 'invalid_request']);
    expect(refused.json.errors[0].path).toBe('password');
    expect(await statusOf(app, PASSWORD)).toBe(200);
    expect((await reset(app.client(), token)).status).toBe(204);
  });

  it('can be asked for again after it was used', async () => {
    const { app, token } = await withLink();
    await reset(app.client(), token);
    expect((await forgot(app)).status).toBe(202);
    expect((await reset(app.client(), await secretTo(app, 'reset'), PASSWORD)).status).toBe(204);
    expect((await login(app.client(), { email: EMAIL })).status).toBe(200);
  });
});
