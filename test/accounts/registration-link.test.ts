import { describe, expect, it } from 'vitest';
import { hours, seconds } from '../../src/time.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import {
  disown,
  INVALID,
  NEW_PASSWORD,
  outcomeOf,
  reset,
  secretTo,
  verify,
} from '../support/mail.ts';
import { countUsers, EMAIL, login } from '../support/requests.ts';

const TAKEN = 'taken@example.com';

const ask = (app: TestApp, json: object = { email: EMAIL }) =>
  app.client().post('/auth/register', { json });

/** Only whoever holds a mailed link makes an account; one is there already. */
async function verified() {
  const app = await createTestApp({ env: { REGISTRATION: 'verified' } });
  await ask(app, { email: TAKEN });
  await reset(app.client(), await secretTo(app, 'register', TAKEN), PASSWORD);
  return app;
}

describe('the link of a registration', () => {
  async function withLink() {
    const app = await verified();
    await ask(app, { email: EMAIL, name: 'Augusta King-Noel' });
    return { app, token: await secretTo(app, 'register') };
  }

  it('makes one account, once', async () => {
    const { app, token } = await withLink();
    expect((await reset(app.client(), token)).status).toBe(204);
    expect(outcomeOf(await reset(app.client(), token, PASSWORD))).toEqual(INVALID);
    expect((await login(app.client(), { password: NEW_PASSWORD })).status).toBe(200);
  });

  it('does not work when the account is there by then, by another link', async () => {
    const { app, token } = await withLink();
    await ask(app);
    const second = await secretTo(app, 'register');
    expect((await reset(app.client(), second)).status).toBe(204);
    expect(outcomeOf(await reset(app.client(), token, PASSWORD))).toEqual(INVALID);
    expect((await login(app.client(), { password: NEW_PASSWORD })).status).toBe(200);
    expect(await countUsers(app)).toBe(2);
  });

  it.each([
    [hours(24) - seconds(5), [204]],
    [hours(24) + seconds(5), INVALID],
  ])('after %i ms is answered %j', async (span, expected) => {
    const { app, token } = await withLink();
    await app.advance(span);
    expect(outcomeOf(await reset(app.client(), token))).toEqual(expected);
  });

  it.each(['short', 'ada@example.com', 'Augusta King-Noel'])(
    'stays as it is when the password is refused: %s',
    async (password) => {
      const { app, token } = await withLink();
      expect(outcomeOf(await reset(app.client(), token, password))).toEqual([
        400,
        'invalid_request',
      ]);
      expect(await countUsers(app)).toBe(1);
      expect((await reset(app.client(), token)).status).toBe(204);
    },
  );

  it('is not for confirming or disowning', async () => {
    const { app, token } = await withLink();
    expect(outcomeOf(await verify(app.client(), token))).toEqual(INVALID);
    expect((await disown(app.client(), token)).status).toBe(400);
    expect((await reset(app.client(), token)).status).toBe(204);
  });

  it('is recorded as the registration of that account', async () => {
    const { app, token } = await withLink();
    await reset(app.client(), token);
    const [event] = await app.sql(sql`
      SELECT kind, actor_id FROM events JOIN users ON users.id = user_id WHERE email = ${EMAIL}`);
    expect(event).toMatchObject({ kind: 'registered' });
  });
});
