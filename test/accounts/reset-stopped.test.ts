import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import {
  changeEmail,
  INVALID,
  outcomeOf,
  reset,
  resetSecret,
  secretTo,
  verifyChange,
} from '../support/mail.ts';
import { login } from '../support/requests.ts';

/** Somebody signed in, and a link in the mail. */
async function withLink() {
  const app = await createTestApp();
  const { client, user } = await app.registered();
  return { app, client, user, token: await resetSecret(app) };
}

const statusOf = async (app: Awaited<ReturnType<typeof createTestApp>>, password: string) =>
  (await login(app.client(), { password })).status;

describe('the link of a reset', () => {
  it('dies with a change of the password', async () => {
    const { app, client, token } = await withLink();
    const json = { currentPassword: PASSWORD, newPassword: `${PASSWORD} two` };
    expect((await client.post('/auth/password', { json })).status).toBe(204);
    expect(outcomeOf(await reset(app.client(), token))).toEqual(INVALID);
    expect(await statusOf(app, `${PASSWORD} two`)).toBe(200);
  });

  it('dies with another reset', async () => {
    const { app, token } = await withLink();
    const second = await resetSecret(app);
    expect(second).not.toBe(token);
    expect((await reset(app.client(), second)).status).toBe(204);
    expect(outcomeOf(await reset(app.client(), token, `${PASSWORD} two`))).toEqual(INVALID);
  });

  it('dies with a change of the address, and with the account', async () => {
    const { app, client, token } = await withLink();
    await changeEmail(client, 'new@example.com');
    await verifyChange(app.client(), await secretTo(app, 'change_email', 'new@example.com'));
    expect(outcomeOf(await reset(app.client(), token))).toEqual(INVALID);
    const other = await resetSecret(app, 'new@example.com');
    await client.request('DELETE', '/auth/user', { json: { password: PASSWORD } });
    await app.registered('new@example.com');
    expect(outcomeOf(await reset(app.client(), other))).toEqual(INVALID);
  });

  it('dies with the address, also where the database was changed by other means', async () => {
    const { app, token } = await withLink();
    const confirm = await secretTo(app, 'verification');
    await app.sql(sql`UPDATE users SET email = 'new@example.com'`);
    expect(outcomeOf(await reset(app.client(), token))).toEqual(INVALID);
    expect(outcomeOf(await verifyChange(app.client(), confirm))).toEqual(INVALID);
    expect(await app.sql(sql`SELECT email_verified FROM users`)).toEqual([{ email_verified: 0 }]);
  });

  it('does not work for somebody who was disabled since', async () => {
    const { app, token, user } = await withLink();
    await app.services.administration.change(
      user.id,
      { disabled: true },
      { id: null, by: { ip: null, userAgent: null, requestId: 'test', language: 'en' } },
    );
    expect(outcomeOf(await reset(app.client(), token))).toEqual(INVALID);
    const [row] = await app.sql(sql`SELECT disabled, email_verified FROM users`);
    expect(row).toEqual({ disabled: 1, email_verified: 0 });
  });
});
