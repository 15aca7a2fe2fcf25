import { describe, expect, it } from 'vitest';
import { admin } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { changeEmail, NEW_PASSWORD, queued } from '../support/mail.ts';
import { countUsers, EMAIL, login, otherServer } from '../support/requests.ts';

/** A server without a transport, with an admin who is signed in to it. */
async function withoutMail() {
  const app = await createTestApp();
  await admin(app, EMAIL);
  await app.settled();
  const browser = otherServer(app, {}, { mailer: null });
  const client = browser();
  await login(client);
  return { app, browser, client };
}

describe('a service without a mail transport', () => {
  it.each([
    ['forgot', '/auth/password/forgot', { email: EMAIL }],
    ['forgot, for an unknown address', '/auth/password/forgot', { email: 'no@example.com' }],
    ['a change of address', '/auth/email', { email: 'new@example.com' }],
    ['a verification', '/auth/email/verification', {}],
  ])('says clearly that it can not do %s', async (_, path, json) => {
    const { app, client } = await withoutMail();
    const answer = await client.post(path, { json });
    expect([answer.status, answer.json.code]).toEqual([503, 'unavailable']);
    expect(answer.json.detail).toContain('MAIL_URL');
    expect(answer.headers.get('retry-after')).toBe(String(answer.json.retryAfter));
    expect(await queued(app)).toEqual([]);
    expect(await countUsers(app)).toBe(1);
  });

  it('says so in forms, too', async () => {
    const { browser } = await withoutMail();
    const answer = await browser().post('/auth/password/forgot', { form: { email: EMAIL } });
    expect([answer.status, answer.text.includes('This service sends no mail')]).toEqual([
      503,
      true,
    ]);
  });

  it('registers, changes passwords and deletes all the same, and queues no mail', async () => {
    const { app, browser } = await withoutMail();
    const client = browser();
    const json = { email: 'bob@example.com', password: PASSWORD };
    expect((await client.post('/auth/register', { json })).status).toBe(201);
    const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await client.post('/auth/password', { json: passwords })).status).toBe(204);
    const gone = { json: { password: NEW_PASSWORD } };
    expect((await client.request('DELETE', '/auth/user', gone)).status).toBe(204);
    expect(await queued(app)).toEqual([]);
  });

  it.each([{ username: 'bob' }, { email: 'bob@example.com' }])(
    'invites %j by a link that is handed over',
    async (json) => {
      const { app, client } = await withoutMail();
      const answer = await client.post('/admin/users', { json });
      expect(answer.status).toBe(201);
      expect(answer.json.resetLink.url).toContain('/reset?token=');
      expect(await queued(app)).toEqual([]);
    },
  );

  it('still takes links that another server has mailed', async () => {
    const { app, browser } = await withoutMail();
    await app.client().post('/auth/password/forgot', { json: { email: EMAIL } });
    const message = (await app.mailTo(EMAIL)).at(-1);
    const [, token] = /token=([\w-]{43})/.exec(message?.text ?? '') ?? [];
    const json = { token, password: NEW_PASSWORD };
    expect((await browser().post('/auth/password/reset', { json })).status).toBe(204);
    expect((await changeEmail(browser(), 'new@example.com')).status).toBe(401);
  });
});
