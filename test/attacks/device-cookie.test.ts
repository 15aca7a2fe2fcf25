import { describe, expect, it } from 'vitest';
import { days, seconds } from '../../src/time.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { cookieOf, deviceCookieOf, EMAIL, login } from '../support/requests.ts';
import { besieged, counted, expectHeld, guess } from '../support/tries.ts';

const NAME = 'gatehouse-device';
const PLAIN = ['HttpOnly', `Max-Age=${days(180) / 1000}`, 'Path=/', 'SameSite=Lax'];
const HTTPS = { BASE_URL: 'https://auth.example.com' };

const part = (length: number, of = 'A') => of.repeat(length);

/** What an attacker may put into the cookie, who has seen one. Ada's id is known. */
const FORGED: Record<string, (genuine: string, userId: string) => string> = {
  'is empty': () => '',
  'has another id': (genuine) => `${part(22)}${genuine.slice(22)}`,
  'has another tag': (genuine) => `${genuine.slice(0, 23)}${part(22)}`,
  'has its tag cut short': (genuine) => genuine.slice(0, -1),
  'has too long a tag': (genuine) => `${genuine}A`,
  'has one letter of the tag in another case': (genuine) =>
    genuine.slice(0, 23) +
    genuine
      .slice(23)
      .replace(/[a-z]/i, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())),
  'is the id alone': (genuine) => genuine.slice(0, 22),
  'has an empty tag': (genuine) => `${genuine.slice(0, 22)}.`,
  'names the user': (_genuine, userId) => userId,
  'names the user for a tag': (_genuine, userId) => `${part(22)}.${userId.slice(0, 22)}`,
  'is quoted': (genuine) => `"${genuine}"`,
  'is percent-encoded': (genuine) => genuine.replace('.', '%2E'),
  'is followed by white space': (genuine) => `${genuine} x`,
  'has nine tags': (genuine) => genuine + `.${part(22)}`.repeat(8),
  'is oversized': (genuine) => genuine + `.${part(22)}`.repeat(500),
  'is one long word': () => part(15_000),
  'names what objects have': () => '__proto__.constructor',
};

describe('a device cookie that', () => {
  it.each(Object.keys(FORGED))('%s counts for none, and breaks nothing', async (how) => {
    const { app } = await counted();
    const browser = app.client();
    const { user } = (await login(browser)).json;
    const forge = FORGED[how] ?? String;
    const genuine = browser.cookie(NAME) ?? '';
    expect(forge(genuine, user.id)).not.toBe(genuine);
    const sent = { headers: { cookie: `${NAME}=${forge(genuine, user.id)}` } };

    // Counted with those of strangers, or the fifth would not be the last.
    for (const more of [{}, {}, sent, {}, sent]) {
      expect((await login(app.client(), { password: 'wrong' }, more)).status).toBe(401);
    }
    expectHeld(await login(app.client(), {}, sent), seconds(30));
    await app.advance(seconds(30));
    const answer = await login(app.client(), {}, sent);
    expect(answer.status).toBe(200);
    expect(deviceCookieOf(answer)?.value).toMatch(/^[\w-]{22}(\.[\w-]{22}){1,8}$/);
    // The one that the login sets is good.
    const cookie = `${NAME}=${deviceCookieOf(answer)?.value}`;
    for (let n = 0; n < 5; n += 1) await guess(app.client());
    expect((await login(app.client(), {}, { headers: { cookie } })).status).toBe(200);
  });

  it.each(['before', 'after'])(
    'is planted %s a genuine one does not hide that one',
    async (where) => {
      const { app } = await counted();
      const browser = app.client();
      await login(browser);
      for (let n = 0; n < 5; n += 1) await guess(app.client());
      const genuine = `${NAME}=${browser.cookie(NAME)}`;
      const planted = `${NAME}=${part(22)}.${part(22)}`;
      const pair = where === 'before' ? [planted, genuine] : [genuine, planted];
      const answer = await login(app.client(), {}, { headers: { cookie: pair.join('; ') } });
      expect(answer.status).toBe(200);
      // The device keeps its id.
      expect(deviceCookieOf(answer)?.value.slice(0, 22)).toBe(browser.cookie(NAME)?.slice(0, 22));
    },
  );

  it('is one of several genuine ones counts for its user', async () => {
    const { app } = await counted();
    await app.registered('eve@example.com');
    const [ada, eve] = [app.client(), app.client()];
    await login(ada);
    await login(eve, { email: 'eve@example.com' });
    for (let n = 0; n < 5; n += 1) await guess(app.client());
    const pair = [eve, ada].map((browser) => `${NAME}=${browser.cookie(NAME)}`);
    const headers = { cookie: pair.join('; ') };
    expect((await login(app.client(), {}, { headers })).status).toBe(200);
  });
});

describe('the device cookie', () => {
  it.each([
    ['http on loopback', {}, NAME, PLAIN],
    ['https', HTTPS, `__Host-${NAME}`, [...PLAIN, 'Secure']],
    [
      'https with COOKIE_DOMAIN',
      { ...HTTPS, COOKIE_DOMAIN: 'example.com' },
      `__Host-${NAME}`,
      [...PLAIN, 'Secure'],
    ],
  ])('stays for 180 days and keeps to its host: %s', async (_where, env, name, attributes) => {
    const app = await createTestApp({ env });
    await app.registered();
    for (const remember of [true, false]) {
      const device = deviceCookieOf(await login(app.client(), { remember }));
      expect([device?.name, device?.attributes]).toEqual([name, attributes]);
      expect(device?.value).toMatch(/^[\w-]{22}\.[\w-]{22}$/);
    }
  });

  it('is set where the password was right, for a browser, and nowhere else', async () => {
    const { app, owner } = await besieged();
    const json = { email: 'eve@example.com', password: PASSWORD };
    const proof = { json: { password: PASSWORD } };
    const answers = [
      await app.client().post('/auth/register', { json }),
      await app.client().post('/counter'),
      await owner.post('/auth/reauthenticate', proof),
      await login(app.client()),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 303, 200, 429]);
    const set = answers.map((answer) => deviceCookieOf(answer) !== null);
    expect(set).toEqual([true, false, true, false]);
    await app.advance(seconds(30));
    expect((await guess(app.client())).cookies).toEqual([]);
    await app.advance(seconds(60));
    expect((await login(app.client(), { token: true })).cookies).toEqual([]);
    const form = { email: EMAIL, password: PASSWORD };
    const entered = await app.client().post('/auth/login', { form });
    expect(deviceCookieOf(entered)?.name).toBe(NAME);
  });

  it('is left alone by a logout', async () => {
    const { app } = await counted();
    const browser = app.client();
    await login(browser);
    const before = browser.cookie(NAME);
    const answer = await browser.post('/auth/logout');
    expect(cookieOf(answer).name).toBe('gatehouse');
    expect([deviceCookieOf(answer), browser.cookie(NAME)]).toEqual([null, before]);
  });

  it('is another one for every browser', async () => {
    const { app } = await counted();
    const ids = new Set<string | undefined>();
    for (let n = 0; n < 5; n += 1) {
      ids.add(deviceCookieOf(await login(app.client()))?.value.slice(0, 22));
    }
    expect(ids.size).toBe(5);
  });
});
