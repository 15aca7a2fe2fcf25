import { describe, expect, it } from 'vitest';
import { expectRefused, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import { changeEmail, secretTo, verify, verifyChange } from '../support/mail.ts';
import { EMAIL } from '../support/requests.ts';

const NEW = 'new@example.com';

/** Somebody who asked to change their address, and the link that went to the new one. */
async function withLink(env: Record<string, string> = {}) {
  const app = await createTestApp({ env });
  const { client, user } = await app.registered();
  await changeEmail(client, NEW);
  const token = await secretTo(app, 'change_email', NEW);
  return { app, client, user, token };
}

const emailOf = async (app: TestApp, { id }: { id: string }) =>
  (await app.sql(sql`SELECT email FROM users WHERE id = ${id}`))[0]?.email;

describe('a link that changes an address', () => {
  it('does nothing for a stranger, and stays good', async () => {
    const { app, user, token } = await withLink();
    expectRefused(await verify(app.client(), token), 401, 'not_signed_in');
    const { client: bob } = await app.registered('bob@example.com');
    expectRefused(await verify(bob, token), 401, 'not_signed_in');
    expect(await emailOf(app, user)).toBe(EMAIL);
    expect((await verifyChange(app.client(), token)).status).toBe(204);
    expect(await emailOf(app, user)).toBe(NEW);
  });

  it('changes it in a browser where its user is signed in, and by a bearer token', async () => {
    const { app, client, user, token } = await withLink();
    expect((await verify(client, token)).status).toBe(204);
    expect(await emailOf(app, user)).toBe(NEW);
    const program = await signedIn(app, { email: NEW, token: true });
    const headers = { authorization: `Bearer ${program.token}` };
    const json = { email: 'newer@example.com' };
    await app.client().post('/auth/email', { json, headers });
    const second = { token: await secretTo(app, 'change_email', 'newer@example.com') };
    const answer = await app.client().post('/auth/email/verify', { json: second, headers });
    expect(answer.status).toBe(204);
  });

  it('is not taken by a session that has ended', async () => {
    const { app, client, user, token } = await withLink();
    const copy = client.copy();
    await client.post('/auth/logout');
    expectRefused(await verify(copy, token), 401, 'not_signed_in');
    expect(await emailOf(app, user)).toBe(EMAIL);
  });

  it('counts wrong passwords like logins, by account and by address, and stays good', async () => {
    const env = { LIMIT_LOGIN_ACCOUNT: '2/1h..1h', LIMIT_LOGIN_ADDRESS: '1000/10m' };
    const { app, client, token } = await withLink(env);
    const wrong = () => verifyChange(app.client(), token, 'not the password');
    expectRefused(await wrong(), 401, 'invalid_credentials');
    expectRefused(await wrong(), 401, 'invalid_credentials');
    expectRefused(await verifyChange(app.client(), token), 429, 'rate_limited');
    expect((await verify(client, token)).status).toBe(204);

    const few = await withLink({ LIMIT_LOGIN_ADDRESS: '2/10m' });
    for (let i = 0; i < 2; i += 1) {
      await verifyChange(few.app.client(), few.token, 'not the password');
    }
    expectRefused(await verifyChange(few.app.client(), few.token), 429, 'rate_limited');
  });

  it('is an ordinary invalid link where it never was one, with and without a password', async () => {
    const { app } = await withLink();
    expectRefused(await verifyChange(app.client(), 'none'), 400, 'invalid_token');
  });

  it('opens a page that asks for the password, unless its user is signed in', async () => {
    const { app, client, user, token } = await withLink();
    const page = (browser: typeof client) => browser.get(`/verify?change&token=${token}`);
    expect((await page(client)).text).not.toContain('type="password"');
    const { client: bob } = await app.registered('bob@example.com');
    for (const browser of [app.client(), bob]) {
      expect((await page(browser)).text).toContain('type="password"');
    }
    const stranger = app.client();
    const refused = await stranger.post('/auth/email/verify', { form: { token } });
    expect([refused.status, refused.text.includes('type="password"')]).toEqual([401, true]);
    const form = { token, password: 'not the password' };
    const wrong = await stranger.post('/auth/email/verify', { form });
    expect([wrong.status, wrong.text.includes('type="password"')]).toEqual([401, true]);
    const right = await stranger.post('/auth/email/verify', {
      form: { token, password: PASSWORD },
    });
    expect([right.status, right.headers.get('location')]).toEqual([303, '/verify?done']);
    expect(await emailOf(app, user)).toBe(NEW);
  });
});

describe('a link that confirms an address', () => {
  it('asks nobody for a password', async () => {
    const app = await createTestApp();
    await app.registered();
    const token = await secretTo(app, 'verification');
    expect((await app.client().get(`/verify?token=${token}`)).text).not.toContain(
      'type="password"',
    );
    expect((await verify(app.client(), token)).status).toBe(204);
  });
});
