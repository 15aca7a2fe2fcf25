import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { countUsers, login } from '../support/requests.ts';

const KIM = 'kim@kiosk.example';

/** Texts that some step of some system folds into Kim's address, or reads as hers. */
const EMAIL_TWINS: Record<string, string> = {
  'a fullwidth at-sign': 'kim\uff20kiosk.example',
  'a small at-sign': 'kim\ufe6bkiosk.example',
  'two at-signs': 'kim@kiosk.example@evil.example',
  'two at-signs in a row': 'kim@@kiosk.example',
  'a Kelvin sign in the local part': '\u212aim@kiosk.example',
  'a Kelvin sign in the domain': 'kim@\u212aiosk.example',
  'a dotless i in the local part': 'k\u0131m@kiosk.example',
  'a dotted capital I in the local part': 'k\u0130m@kiosk.example',
  'a dotted capital I in the domain': 'kim@k\u0130osk.example',
  'a long s in the domain': 'kim@kio\u017fk.example',
  'a fullwidth letter in the local part': '\uff4bim@kiosk.example',
  'a fullwidth letter in the domain': 'kim@\uff4biosk.example',
  'a Cyrillic letter in the local part': 'k\u0456m@kiosk.example',
  'a NUL at the end': 'kim@kiosk.example\0',
  'a NUL and more at the end': 'kim@kiosk.example\0.evil.example',
  'a NUL in the local part': 'kim\0@kiosk.example',
  'a soft hyphen in the local part': 'k\u00adim@kiosk.example',
  'a soft hyphen in the domain': 'kim@ki\u00adosk.example',
  'a zero-width space': 'kim\u200b@kiosk.example',
  'a zero-width joiner in the domain': 'kim@ki\u200dosk.example',
  'a variation selector in the domain': 'kim@kio\ufe0fsk.example',
  'a combining joiner in the domain': 'kim@kio\u034fsk.example',
  'a text direction mark': '\u202ekim@kiosk.example',
  'an ideographic full stop': 'kim@kiosk\u3002example',
  'a fullwidth full stop': 'kim@kiosk\uff0eexample',
  'a halfwidth ideographic full stop': 'kim@kiosk\uff61example',
  'a one dot leader': 'kim@kiosk\u2024example',
  'a full stop at the end': 'kim@kiosk.example.',
  'a comma list': 'kim@kiosk.example,eve@evil.example',
  'a semicolon list': 'kim@kiosk.example;eve@evil.example',
  'a list with spaces': 'kim@kiosk.example eve@evil.example',
  'a line break and a header': 'kim@kiosk.example\r\nBcc: eve@evil.example',
  'a tab inside': 'kim@kiosk\t.example',
  'a display name': 'Kim <kim@kiosk.example>',
  'angle brackets': '<kim@kiosk.example>',
  'a quoted local part': '"kim"@kiosk.example',
  'a comment': 'kim(x)@kiosk.example',
  'a scheme': 'mailto:kim@kiosk.example',
  'percent-encoding': 'kim%40kiosk.example',
};

/** Characters that NFC turns into ASCII, where a local part may have that ASCII. */
const FOLDED = { 'kim`x@kiosk.example': 'kim\u1fefx@kiosk.example' };

const USERNAME_TWINS: Record<string, string> = {
  'a Kelvin sign': '\u212aim',
  'a dotless i': 'k\u0131m',
  'a dotted capital I': 'k\u0130m',
  'a fullwidth letter': '\uff4bim',
  'a Cyrillic letter': 'k\u0456m',
  'a NUL at the end': 'kim\0',
  'a soft hyphen': 'k\u00adim',
  'a combining mark': 'ki\u0301m',
  'a space inside': 'k im',
  'an at-sign': 'kim@',
};

async function withKim() {
  const app = await createTestApp({ env: { LIMIT_LOGIN_ADDRESS: '1000/10m' } });
  const json = { email: KIM, username: 'kim', password: PASSWORD };
  expect((await app.client().post('/auth/register', { json })).status).toBe(201);
  return app;
}

const register = (client: Client, names: Record<string, string>) =>
  client.post('/auth/register', { json: { ...names, password: PASSWORD } });

describe('an email that looks like another one', () => {
  it.each(Object.entries(EMAIL_TWINS))('is refused with %s', async (_name, email) => {
    const app = await withKim();
    const refused = await register(app.client(), { email });
    expect([refused.status, refused.json.code]).toEqual([400, 'invalid_request']);
    expect(refused.json.errors).toMatchObject([{ path: 'email', code: 'invalid_email' }]);
    expect(await countUsers(app)).toBe(1);
  });

  it.each(Object.entries(EMAIL_TWINS))('does not sign in to it with %s', async (_name, email) => {
    const app = await withKim();
    const refused = await login(app.client(), { email });
    expect([refused.status, refused.json.code]).toEqual([401, 'invalid_credentials']);
    expect(refused.cookies).toEqual([]);
  });

  it.each(Object.entries(FOLDED))('does not become %s by normalization', async (email, twin) => {
    const app = await withKim();
    expect((await register(app.client(), { email })).status).toBe(201);
    expect((await register(app.client(), { email: twin })).status).toBe(400);
    expect((await login(app.client(), { email: twin })).status).toBe(401);
  });

  it('has an account of its own where the address is a different, valid one', async () => {
    const app = await withKim();
    const others = ['kim+x@kiosk.example', 'k.im@kiosk.example', 'kim@k\u0131osk.example'];
    for (const email of others) {
      expect((await login(app.client(), { email })).status, email).toBe(401);
      const made = await register(app.client(), { email });
      expect(made.status, email).toBe(201);
      expect(made.json.user.email, email).not.toBe(KIM);
    }
    expect(await countUsers(app)).toBe(1 + others.length);
  });
});

describe('a user name that looks like another one', () => {
  it.each(Object.entries(USERNAME_TWINS))('is refused with %s', async (_name, username) => {
    const app = await withKim();
    const refused = await register(app.client(), { username });
    expect(refused.status).toBe(400);
    expect(refused.json.errors).toMatchObject([{ path: 'username', code: 'invalid_username' }]);
    expect((await login(app.client(), { username })).json.code).toBe('invalid_credentials');
  });

  it('is no email, and an email is no user name', async () => {
    const app = await withKim();
    expect((await login(app.client(), { email: 'kim' })).status).toBe(401);
    expect((await login(app.client(), { username: KIM })).status).toBe(401);
  });
});

describe('one account', () => {
  it.each([
    [{ email: 'KIM@Kiosk.Example' }, 'email_taken'],
    [{ email: '  kim@kiosk.example\t' }, 'email_taken'],
    [{ email: KIM, username: 'other' }, 'email_taken'],
    [{ email: KIM, username: 'kim' }, 'email_taken'],
    [{ username: 'KIM' }, 'username_taken'],
    [{ username: ' kim ' }, 'username_taken'],
    [{ email: 'new@kiosk.example', username: 'Kim' }, 'username_taken'],
  ])('stands behind every case and white space of %j', async (names, code) => {
    const app = await withKim();
    const refused = await register(app.client(), names);
    expect([refused.status, refused.json.code, refused.cookies]).toEqual([409, code, []]);
    expect(await countUsers(app)).toBe(1);
  });

  it('is signed in to by every case and white space of its names', async () => {
    const app = await withKim();
    for (const email of [KIM, 'Kim@KIOSK.example', ' kim@kiosk.example ', 'kim@kiosk.example\n']) {
      expect((await login(app.client(), { email })).json.user?.username, email).toBe('kim');
    }
    for (const username of ['kim', 'KIM', ' Kim ']) {
      expect((await login(app.client(), { username })).json.user?.email, username).toBe(KIM);
    }
  });

  it('stands behind every spelling of an international domain, kept as punycode', async () => {
    const app = await createTestApp();
    const made = await register(app.client(), { email: 'Kim@M\u00fcnchen.example' });
    expect(made.json.user.email).toBe('kim@xn--mnchen-3ya.example');
    const spellings = [
      'm\u00fcnchen',
      'mu\u0308nchen',
      'M\u00dcNCHEN',
      'xn--mnchen-3ya',
      'XN--MNCHEN-3YA',
    ];
    for (const domain of spellings) {
      const email = `kim@${domain}.example`;
      expect((await login(app.client(), { email })).status, email).toBe(200);
      expect((await register(app.client(), { email })).status, email).toBe(409);
    }
  });
});
