import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/mail/mailer.ts';
import { admin, remove } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import {
  changeEmail,
  disown,
  everythingStored,
  forgot,
  NEW_PASSWORD,
  reset,
  secretTo,
  verify,
} from '../support/mail.ts';
import { secretIn } from '../support/test-mailer.ts';

const NAME = 'https://evil.example <b>click</b>';

/** Every kind of mail there is under open registration, from a user with a name of that kind. */
async function everyLetter(env: Record<string, string> = {}): Promise<Message[]> {
  const app = await createTestApp({ env: { LIMIT_MAIL: '100/1h', ...env } });
  const { client: root } = await admin(app);
  const client = app.client({ 'accept-language': 'en' });
  const json = { email: 'ada@example.com', username: 'adalovelace', name: NAME };
  await client.post('/auth/register', { json: { ...json, password: PASSWORD } });
  await forgot(app);
  await changeEmail(client, 'root@example.com');
  await app.settled();
  await changeEmail(client, 'new@example.com');
  const invited = { email: 'bob@example.com', username: 'evil.example', name: NAME };
  await root.post('/admin/users', { json: invited });
  await app.settled();
  const token = secretIn(app.mail.sent.find(({ to }) => to === 'new@example.com'));
  await verify(client, token);
  const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
  await client.post('/auth/password', { json: passwords });
  await remove(client, '/auth/user', { json: { password: NEW_PASSWORD } });
  await app.settled();
  return app.mail.sent;
}

describe('a mail', () => {
  it('says nothing that a user typed', async () => {
    const letters = await everyLetter();
    expect(letters).toHaveLength(11);
    for (const { subject, text, html } of letters) {
      expect(`${subject}${text}${html}`).not.toMatch(/evil|adalovelace|click<|&lt;b/);
    }
  });

  it('has the same words as text and as HTML, and the same link', async () => {
    for (const { text, html } of await everyLetter()) {
      const plain = html
        .replace(/<title>.*<\/title>/, '')
        .replace(/<a href="([^"]*)">.*?<\/a>/, '$1')
        .replace(/<[^>]+>/g, '')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&lt;', '<')
        .replaceAll('&amp;', '&');
      const words = (all: string) => all.split(/\s+/).filter((word) => word !== '');
      expect(words(plain)).toEqual(words(text));
    }
  });

  it('escapes the name of the service in HTML, and not in text', async () => {
    const APP_NAME = `<b>"A" & 'B'</b>`;
    for (const { subject, text, html } of await everyLetter({ APP_NAME })) {
      expect(subject + text).toContain(APP_NAME);
      expect(html).toContain('&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;');
      expect(html).not.toMatch(/<b>|"A"/);
    }
  });

  it('escapes what is in its link', async () => {
    const letters = await everyLetter();
    const move = letters.find(({ to }) => to === 'new@example.com');
    expect(move?.html).toMatch(
      /href="http:\/\/localhost:3000\/verify\?change&amp;token=[\w-]{43}"/,
    );
    for (const { html } of letters) expect(html).not.toMatch(/href="[^"]*&(?!amp;)/);
  });
});

describe('the link in a mail', () => {
  it.each([
    { host: 'evil.example' },
    { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    { forwarded: 'host=evil.example;proto=https', 'x-original-host': 'evil.example' },
  ])('is made from BASE_URL, whatever the headers %j say', async (headers) => {
    const app = await createTestApp();
    await app.registered();
    const body = JSON.stringify({ email: 'ada@example.com' });
    const sent = { 'content-type': 'application/json', ...headers };
    for (const host of ['localhost:3000', 'evil.example', 'evil.example:8080']) {
      const url = `http://${host}/auth/password/forgot`;
      const request = new Request(url, { method: 'POST', body, headers: sent });
      expect((await app.app.fetch(request)).status).toBe(202);
    }
    const letters = await app.mailTo('ada@example.com');
    expect(letters.length).toBeGreaterThan(2);
    for (const { text, html } of letters) {
      expect(text + html).not.toContain('evil');
      expect(text).toMatch(/^http:\/\/localhost:3000\/\w+\?token=[\w-]{43}$/m);
    }
  });

  it('is under the address that people see', async () => {
    const app = await createTestApp({ env: { BASE_URL: 'https://auth.example.com' } });
    await app.registered();
    const [message] = await app.mailTo('ada@example.com');
    expect(message?.text).toMatch(/^https:\/\/auth\.example\.com\/verify\?token=[\w-]{43}$/m);
  });

  it('leads to LINKS_URL, where a frontend has pages of its own, below its path', async () => {
    for (const { text } of await everyLetter({ LINKS_URL: 'https://app.example.com/welcome/' })) {
      expect(text).not.toMatch(
        /localhost|example\.com\/(?!welcome\/(reset|verify|login|forgot)\b)/,
      );
    }
  });

  it('carries 256 bits, of which no table and no log line holds more than a digest', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await forgot(app);
    await changeEmail(client, 'new@example.com');
    const secrets = [
      await secretTo(app, 'verification'),
      await secretTo(app, 'reset'),
      await secretTo(app, 'change_email', 'new@example.com'),
    ];
    expect(new Set(secrets).size).toBe(3);
    const uses = [
      (secret: string) => reset(app.client(), secret, 'short'),
      (secret: string) => verify(app.client(), secret),
      (secret: string) => reset(app.client(), secret),
      (secret: string) => disown(app.client(), secret),
      (secret: string) => app.client().get(`/reset?token=${secret}`),
    ];
    for (const use of [null, ...uses]) {
      for (const secret of use ? secrets : []) await use?.(secret);
      app.breakDatabase('status-500');
      for (const secret of secrets) await reset(app.client(), secret);
      app.breakDatabase(null);
      await app.settled();
      const kept = (await everythingStored(app)) + app.logged.join();
      for (const secret of secrets) expect(kept.includes(secret)).toBe(false);
    }
    expect(app.logged.join()).toContain('a part did not answer');
  });
});
