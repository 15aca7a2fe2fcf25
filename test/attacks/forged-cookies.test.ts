import { describe, expect, it } from 'vitest';
import { createTokens } from '../../src/session/token.ts';
import { createTestApp } from '../support/app.ts';
import { costOf, expectNobody, login, NO_COST } from '../support/requests.ts';

const OTHER_SECRET = 'another secret that this server was never told';

/** Somebody signed in, and the four parts of their token. */
async function victim() {
  const app = await createTestApp({ store: 'rest' });
  const { client, user } = await app.registered();
  const token = client.cookie('gatehouse') ?? '';
  const [id = '', secret = '', mac = '', owner = ''] = token.split('.');
  const read = (value: string) =>
    app.client().get('/auth/session', { headers: { cookie: `gatehouse=${value}` } });
  return { app, client, user, token, id, secret, mac, owner, read };
}

type Victim = Awaited<ReturnType<typeof victim>>;

/** Another letter in a place. */
function altered(text: string, at: number): string {
  const place = at < 0 ? text.length + at : at;
  return text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1);
}

/** The last character but for the bits that a decoder drops. */
function respelled(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.slice(-1)) ^ 1];
}

const FORGED: Record<string, (v: Victim) => string> = {
  'the id is another one': (v) => [altered(v.id, 0), v.secret, v.mac, v.owner].join('.'),
  'the secret is another one': (v) => [v.id, altered(v.secret, 5), v.mac, v.owner].join('.'),
  'the MAC differs in its first character': (v) =>
    [v.id, v.secret, altered(v.mac, 0), v.owner].join('.'),
  'the MAC differs in its last character': (v) =>
    [v.id, v.secret, altered(v.mac, -1), v.owner].join('.'),
  'the MAC is spelled differently but decodes to the same': (v) =>
    [v.id, v.secret, respelled(v.mac), v.owner].join('.'),
  'the MAC is missing': (v) => [v.id, v.secret, '', v.owner].join('.'),
  'the MAC is cut short': (v) => [v.id, v.secret, v.mac.slice(0, 20), v.owner].join('.'),
  'the MAC is all zeros': (v) => [v.id, v.secret, 'A'.repeat(43), v.owner].join('.'),
  'the MAC and the secret are swapped': (v) => [v.id, v.mac, v.secret, v.owner].join('.'),
  'the owner is another one': (v) => [v.id, v.secret, v.mac, altered(v.owner, -1)].join('.'),
  'the owner is missing': (v) => [v.id, v.secret, v.mac, ''].join('.'),
  'the last part is missing': (v) => [v.id, v.secret, v.mac].join('.'),
  'the owner carries on': (v) => `${v.token}.admin`,
  'the case of the owner is another one': (v) =>
    [v.id, v.secret, v.mac, v.owner.toUpperCase()].join('.'),
  'it was signed with another secret': (v) =>
    createTokens([OTHER_SECRET]).issue(v.user.id, v.id).text,
  'it was signed with an empty secret': (v) => createTokens(['']).issue(v.user.id, v.id).text,
};

const GARBLED: Record<string, (token: string) => string> = {
  'is empty': () => '',
  'is a word': () => 'null',
  'is JSON': (token) => `{"token":"${token}"}`,
  'is only dots': () => '...',
  'is in quotes': (token) => `"${token}"`,
  'is cut short': (token) => token.slice(0, 100),
  'begins with white space': (token) => ` ${token}`,
  'ends with white space': (token) => `${token} ; theme=dark`,
  'carries a comma list': (token) => `${token}, gatehouse=${token}`,
  'has percent-encoded dots': (token) => token.replaceAll('.', '%2E'),
  'has a percent-encoded letter': (token) =>
    `%${token.charCodeAt(0).toString(16)}${token.slice(1)}`,
  'ends in a percent-encoded NUL': (token) => `${token}%00`,
  'ends in half a percent code': (token) => `${token}%`,
  'has letters that are no ASCII': (token) => `${token}\u00e9`,
  'is longer than any token': (token) => token + 'a'.repeat(5000),
  'is as long as a header can be': () => 'a'.repeat(60_000),
};

describe('forged session cookies', () => {
  it.each(Object.keys(FORGED))('are refused without a look-up when %s', async (name) => {
    const attacked = await victim();
    const value = FORGED[name]?.(attacked) ?? '';
    expect(value).not.toBe(attacked.token);
    const cost = await costOf(attacked.app, async () => expectNobody(await attacked.read(value)));
    expect(cost).toEqual(NO_COST);
  });

  it('are refused without a look-up when the token is a real one but too long', async () => {
    const { app, read } = await victim();
    const { text } = createTokens(app.services.config.sessionSecrets).issue('u'.repeat(2000));
    expect(await costOf(app, async () => expectNobody(await read(text)))).toEqual(NO_COST);
  });

  it('can not end the session that they name', async () => {
    const { app, client, id, secret, mac, owner } = await victim();
    const forged = `gatehouse=${id}.${altered(secret, 0)}.${mac}.${owner}`;
    const headers = { cookie: forged };
    expect((await app.client().post('/auth/logout', { headers })).status).toBe(204);
    expect((await login(app.client(), {}, { headers })).status).toBe(200);
    expect((await client.get('/auth/session')).json.session.id).toBe(id);
  });

  it('do not let a session id sign in in place of a token', async () => {
    const { app, read, id } = await victim();
    expect(await costOf(app, async () => expectNobody(await read(id)))).toEqual(NO_COST);
  });

  it('are refused without a look-up by pages and by /auth/verify too', async () => {
    const { app, id, mac, secret, owner } = await victim();
    const headers = { cookie: `gatehouse=${id}.${mac}.${secret}.${owner}` };
    const cost = await costOf(app, async () => {
      const page = await app.client().get('/', { headers });
      expect(page.text).toContain('You are not signed in.');
      expect(page.cookies).toEqual([]);
      expect((await app.client().get('/auth/verify', { headers })).status).toBe(401);
    });
    expect(cost).toEqual(NO_COST);
  });
});

describe('garbled session cookies', () => {
  it.each(Object.keys(GARBLED))(
    'are nobody, without a look-up, when the value %s',
    async (name) => {
      const { app, token, read } = await victim();
      const value = GARBLED[name]?.(token) ?? '';
      expect(await costOf(app, async () => expectNobody(await read(value)))).toEqual(NO_COST);
    },
  );
});
