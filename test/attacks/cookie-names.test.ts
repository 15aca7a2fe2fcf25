import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import { costOf, expectNobody, NO_COST } from '../support/requests.ts';

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

describe('two session cookies in one request', () => {
  const PAIRS: Record<string, (token: string) => string> = {
    'the real one first': (token) => `gatehouse=${token}; gatehouse=planted`,
    'the real one last': (token) => `gatehouse=planted; gatehouse=${token}`,
    'the same value twice': (token) => `gatehouse=${token}; gatehouse=${token}`,
    'an empty one first': (token) => `gatehouse=; gatehouse=${token}`,
    'an empty one last': (token) => `gatehouse=${token}; gatehouse=`,
    'others in between': (token) => `gatehouse=${token}; a=b; gatehouse=planted; c=d`,
    'no space between them': (token) => `gatehouse=${token};gatehouse=planted`,
  };

  it.each(Object.keys(PAIRS))('are nobody, without a look-up: %s', async (name) => {
    const { app, token, read } = await signedIn();
    const cookie = PAIRS[name]?.(token) ?? '';
    expect(await costOf(app, async () => expectNobody(await read(cookie)))).toEqual(NO_COST);
  });

  it('are nobody when both are real, of the victim and of the attacker', async () => {
    const { app, token, read } = await signedIn();
    const attacker = await app.registered('eve@example.com');
    const planted = attacker.client.cookie('gatehouse');
    const cost = await costOf(app, async () => {
      expectNobody(await read(`gatehouse=${planted}; gatehouse=${token}`));
      expectNobody(await read(`gatehouse=${token}; gatehouse=${planted}`));
    });
    expect(cost).toEqual(NO_COST);
  });
});
