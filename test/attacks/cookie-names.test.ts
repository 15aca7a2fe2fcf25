import { describe, expect, it } from 'vitest';
import { seconds } from '../../src/time.ts';
import { patch } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import { costOf, expectNobody, login, NO_COST } from '../support/requests.ts';

const HTTPS = { BASE_URL: 'https://auth.example.com' };

/** Somebody signed in, over plain http on loopback or over https. */
async function signedIn(env: Record<string, string> = {}) {
  const app = await createTestApp({ store: 'rest', env });
  const { client, user } = await app.registered();
  const name = env === HTTPS ? '__Host-gatehouse' : 'gatehouse';
  const token = client.cookie(name) ?? '';
  expect(token).not.toBe('');
  const read = (cookie: string) => app.client().get('/auth/session', { headers: { cookie } });
  return { app, user, token, read };
}

/** What a sibling site, or a page on plain http, can plant beside or in place of the real cookie. */
const LOOK_ALIKES = (real: string) => [
  ` ${real}`,
  `\t${real}`,
  `\u00a0${real}`,
  `\u00c2\u00a0${real}`,
  `\u0085${real}`,
  `${real} `,
  `${real}\t`,
  `${real}\u00a0`,
  real.toUpperCase(),
  real.replace(/[a-z]/, (letter) => letter.toUpperCase()),
  `%${real.charCodeAt(0).toString(16)}${real.slice(1)}`,
  `"${real}"`,
  `x${real}`,
  `${real}x`,
  `${real}[]`,
  `${real}.sig`,
  `=${real}`,
  `$${real}`,
];

const HTTP_NAMES = [...LOOK_ALIKES('gatehouse'), '__Host-gatehouse', '__Secure-gatehouse'];
const HTTPS_NAMES = [
  ...LOOK_ALIKES('__Host-gatehouse'),
  'gatehouse',
  'Host-gatehouse',
  '__host-gatehouse',
  '__HOST-gatehouse',
  '__Secure-gatehouse',
  '__Host-__Host-gatehouse',
  '__%48ost-gatehouse',
  '__Host_gatehouse',
];

describe('the name of the session cookie', () => {
  it('does not sign in by a cookie whose name only looks like the real one', async () => {
    const { app, token, read } = await signedIn();
    const cost = await costOf(app, async () => {
      for (const name of HTTP_NAMES) expectNobody(await read(`theme=dark; ${name}=${token}`));
    });
    expect(cost).toEqual(NO_COST);
  });

  it('does not sign in over https by a name without its exact prefix', async () => {
    const { app, token, read } = await signedIn(HTTPS);
    const cost = await costOf(app, async () => {
      for (const name of HTTPS_NAMES) expectNobody(await read(`theme=dark; ${name}=${token}`));
    });
    expect(cost).toEqual(NO_COST);
  });

  it('is not pushed aside by a look-alike that was planted beside the real one', async () => {
    const { user, token, read } = await signedIn(HTTPS);
    const real = `__Host-gatehouse=${token}`;
    for (const name of HTTPS_NAMES) {
      for (const cookie of [`a=b; ${name}=planted; ${real}`, `${real}; ${name}=planted`]) {
        expect((await read(cookie)).json.user?.id, cookie).toBe(user.id);
      }
    }
  });

  it('is found among other cookies', async () => {
    const { user, token, read } = await signedIn();
    for (const cookie of [
      `a=b; gatehouse=${token}; c=d`,
      `a; gatehouse=${token}`,
      `gatehouse=${token};`,
    ]) {
      expect((await read(cookie)).json.user?.id, cookie).toBe(user.id);
    }
  });
});

describe('several session cookies in one request', () => {
  const PAIRS: Record<string, (token: string) => string> = {
    'the real one first': (token) => `gatehouse=${token}; gatehouse=planted`,
    'the real one last': (token) => `gatehouse=planted; gatehouse=${token}`,
    'the same value twice': (token) => `gatehouse=${token}; gatehouse=${token}`,
    'an empty one first': (token) => `gatehouse=; gatehouse=${token}`,
    'an empty one last': (token) => `gatehouse=${token}; gatehouse=`,
    'others in between': (token) => `gatehouse=${token}; a=b; gatehouse=planted; c=d`,
    'no space between them': (token) => `gatehouse=${token};gatehouse=planted`,
    'a forged one among them': (token) =>
      `gatehouse=${token.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}; gatehouse=${token}`,
    'a hundred planted ones': (token) => `${'gatehouse=planted; '.repeat(100)}gatehouse=${token}`,
  };

  it.each(Object.keys(PAIRS))('are the genuine one, by one command: %s', async (name) => {
    const { app, user, token, read } = await signedIn();
    await read(`gatehouse=${token}`);
    const cookie = PAIRS[name]?.(token) ?? '';
    const cost = await costOf(app, async () =>
      expect((await read(cookie)).json.user?.id).toBe(user.id),
    );
    expect(cost).toEqual({ commands: ['MGET'], statements: 0 });
  });

  it('made with another secret count for nothing', async () => {
    const elsewhere = await signedIn({ SESSION_SECRET: 'x'.repeat(32) });
    const { user, token, read } = await signedIn();
    const cookie = `gatehouse=${elsewhere.token}; gatehouse=${token}`;
    expect((await read(cookie)).json.user?.id).toBe(user.id);
  });

  it('of one user are the one that lives and was authenticated last', async () => {
    const { app, user, token, read } = await signedIn();
    await app.advance(seconds(5));
    const second = app.client();
    const { session } = (await login(second)).json;
    const newer = second.cookie('gatehouse') ?? '';
    const both = [
      `gatehouse=${token}; gatehouse=${newer}`,
      `gatehouse=${newer}; gatehouse=${token}`,
    ];
    await read(`gatehouse=${token}`);
    for (const cookie of both) {
      const cost = await costOf(app, async () =>
        expect((await read(cookie)).json.session?.id).toBe(session.id),
      );
      expect(cost).toEqual({ commands: ['MGET'], statements: 0 });
    }
    // The newer one is over: the other one counts again.
    await second.post('/auth/logout');
    for (const cookie of both) {
      const { json } = await read(cookie);
      expect([json.user?.id, json.session?.id]).not.toContain(session.id);
      expect(json.user?.id).toBe(user.id);
    }
  });

  it('of different users are nobody without a device cookie, and cost no look-up', async () => {
    const { app, token, read } = await signedIn();
    const attacker = await app.registered('eve@example.com');
    const planted = attacker.client.cookie('gatehouse');
    const cost = await costOf(app, async () => {
      expectNobody(await read(`gatehouse=${planted}; gatehouse=${token}`));
      expectNobody(await read(`gatehouse=${token}; gatehouse=${planted}`));
    });
    expect(cost).toEqual(NO_COST);
  });

  it('of different users are those of the user whom the device cookie names', async () => {
    const { app, user, read } = await signedIn();
    const attacker = await app.registered('eve@example.com');
    const planted = `gatehouse=${attacker.client.cookie('gatehouse')}`;
    const browser = app.client();
    await login(browser);
    const own = `gatehouse=${browser.cookie('gatehouse')}`;
    const device = `gatehouse-device=${browser.cookie('gatehouse-device')}`;
    for (const cookie of [
      [planted, own, device],
      [device, own, planted],
    ]) {
      expect((await read(cookie.join('; '))).json.user?.id).toBe(user.id);
    }
    // A planted session does not sign its owner in where the victim's own has ended.
    await browser.post('/auth/logout');
    expectNobody(await read([planted, own, device].join('; ')));
    // A device cookie that names somebody else names none of them.
    const stranger = app.client();
    await app.registered('mia@example.com');
    await login(stranger, { email: 'mia@example.com' });
    const foreign = `gatehouse-device=${stranger.cookie('gatehouse-device')}`;
    expectNobody(await read([planted, own, foreign].join('; ')));
  });

  it('anonymous ones count only where no signed-in one lives', async () => {
    const { app, user, token, read } = await signedIn();
    const visitor = app.client();
    await patch(visitor, '/auth/session/data', { cart: 1 });
    const cookie = `gatehouse=${visitor.cookie('gatehouse')}; gatehouse=${token}`;
    const data = () => app.client().get('/auth/session/data', { headers: { cookie } });
    expect((await read(cookie)).json.user?.id).toBe(user.id);
    expect((await data()).json).toEqual({});
    await app.client().post('/auth/logout', { headers: { cookie: `gatehouse=${token}` } });
    expectNobody(await read(cookie));
    expect((await data()).json).toEqual({ cart: 1 });
  });

  it('are nobody when more than four are genuine, without a look-up', async () => {
    const { app, user, token, read } = await signedIn();
    const values = [token];
    while (values.length < 5) {
      const browser = app.client();
      await login(browser);
      values.push(browser.cookie('gatehouse') ?? '');
    }
    const cookies = values.map((value) => `gatehouse=${value}`);
    expect((await read(cookies.slice(1).join('; '))).json.user?.id).toBe(user.id);
    const cost = await costOf(app, async () => expectNobody(await read(cookies.join('; '))));
    expect(cost).toEqual(NO_COST);
  });

  it('all end at a logout, which takes the name away in every scope that this server uses', async () => {
    const { app, token, read } = await signedIn(HTTPS);
    const second = app.client();
    await login(second);
    const other = second.cookie('__Host-gatehouse');
    const cookie = `__Host-gatehouse=${token}; __Host-gatehouse=${other}`;
    const answer = await app.client().post('/auth/logout', { headers: { cookie } });
    expect(answer.headers.getSetCookie()).toEqual([
      '__Host-gatehouse=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Partitioned; Secure',
      '__Host-gatehouse=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
    ]);
    for (const value of [token, other]) expectNobody(await read(`__Host-gatehouse=${value}`));
  });

  it('are cleared at a login too, host-only and with COOKIE_DOMAIN, and on no other domain', async () => {
    const env = { ...HTTPS, COOKIE_DOMAIN: 'example.com' };
    const app = await createTestApp({ env });
    await app.registered();
    const cookie = '__Secure-gatehouse=left over; __Secure-gatehouse=from elsewhere';
    const answer = await login(app.client(), {}, { headers: { cookie } });
    const [device, ...lines] = answer.headers.getSetCookie();
    expect(device).toMatch(/^__Host-gatehouse-device=/);
    const gone = '__Secure-gatehouse=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax';
    expect(lines.slice(0, -1)).toEqual([
      `${gone}; Secure`,
      `${gone}; Partitioned; Secure`,
      `${gone}; Partitioned; Domain=example.com; Secure`,
    ]);
    expect(lines.at(-1)).toMatch(
      /^__Secure-gatehouse=[\w.-]+; Path=\/; .*Domain=example.com; Secure$/,
    );
    // One value, as ever: one line.
    const usual = await login(app.client(), {}, { headers: { cookie: '__Secure-gatehouse=old' } });
    expect(usual.headers.getSetCookie()).toHaveLength(2);
  });
});
