import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import { EMAIL, TRUSTED } from '../support/requests.ts';

const ELSEWHERE = [
  '',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'ftp://localhost:3000/',
  'ws://localhost:3000/',
  'blob:http://localhost:3000/x',
  `blob:${TRUSTED}/x`,
  'about:blank',
  'mailto:eve@evil.example',
  'https://evil.example',
  'http://evil.example/auth/login',
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '//evil.example/%2f..',
  '//',
  '///',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  'http:\\\\evil.example',
  'http:/\\evil.example',
  '/%09/evil.example',
  '/%0a/evil.example',
  '/%0d/evil.example',
  '/%5cevil.example',
  '/%5C/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '/\r\nSet-Cookie: gatehouse=planted',
  '/%0d%0aSet-Cookie: gatehouse=planted',
  '/\0/evil.example',
  '/%00/evil.example',
  ' //evil.example',
  '\t//evil.example',
  '\u00a0//evil.example',
  '/\u2028/evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/./\\evil.example',
  '/x/..//evil.example',
  '/%2e//evil.example',
  '/%2E%2E//evil.example',
  'http://localhost:3000//evil.example',
  'http://localhost:3000.evil.example',
  'http://localhost:3000.evil.example/x',
  'http://localhost:3000@evil.example/x',
  'http://localhost:3000%40evil.example/',
  'http://evil.example#@localhost:3000/',
  'http://evil.example?localhost:3000',
  'http://localhost.evil.example:3000/x',
  'http://localhost:30000/x',
  'http://localhost:3001/x',
  'http://localhost/x',
  'https://localhost:3000/x',
  'https://localhost:3000.evil.example/',
  'http:///evil.example',
  'https:evil.example',
  'http://127.0.0.1:3000/',
  'http://[::1]:3000/',
  'http://evil.example\u3002localhost:3000/',
  'https://app.example.com.evil.example/x',
  'https://app.example.com@evil.example/x',
  'https://app.example.com:8443/x',
  'https://evilapp.example.com/',
  'https://x.app.example.com/',
  'https://example.com/',
  'http://app.example.com/x',
  'http://',
  `/${'x'.repeat(5000)}`,
];

/** What was asked for, and where that goes. */
const ALLOWED = [
  ['/', '/'],
  ['/account', '/account'],
  ['/a/b?c=d&e=f#g', '/a/b?c=d&e=f#g'],
  ['/search?q=//evil.example', '/search?q=//evil.example'],
  ['/#//evil.example', '/#//evil.example'],
  ['/a//b', '/a//b'],
  ['/a/../b', '/b'],
  ['/caf\u00e9?q=\u00fc', '/caf%C3%A9?q=%C3%BC'],
  ['?a=b', '/?a=b'],
  ['http://localhost:3000/account?a=b#c', '/account?a=b#c'],
  ['http://localhost:3000', '/'],
  ['HTTP://LOCALHOST:3000/a', '/a'],
  [`${TRUSTED}/welcome?a=b#c`, `${TRUSTED}/welcome?a=b#c`],
  [TRUSTED, `${TRUSTED}/`],
  ['https://APP.example.com:443/a', `${TRUSTED}/a`],
] as const;

let app: TestApp;
beforeEach(async () => {
  const env = { TRUSTED_ORIGINS: TRUSTED, LIMIT_REGISTER: '1000/1h' };
  app = await createTestApp({ env });
});

/** Where each way in sends somebody who wanted to go to `returnTo`. */
const WAYS: Record<string, () => Promise<(returnTo: string) => Promise<string | null>>> = {
  'the login form': async () => {
    await app.registered();
    return async (returnTo) => {
      const form = { email: EMAIL, password: PASSWORD, returnTo };
      return location(await app.client().post('/auth/login', { form }));
    };
  },
  'the registration form': async () => {
    let count = 0;
    return async (returnTo) => {
      count += 1;
      const form = { email: `user${count}@example.com`, password: PASSWORD, returnTo };
      return location(await app.client().post('/auth/register', { form }));
    };
  },
  'the login page': () => visiting('/login'),
  'the registration page': () => visiting('/register'),
};

async function visiting(path: string) {
  const { client } = await app.registered();
  return async (returnTo: string) =>
    location(await client.get(`${path}?returnTo=${encodeURIComponent(returnTo)}`));
}

function location({ status, headers }: { status: number; headers: Headers }) {
  expect(status).toBe(303);
  return headers.get('location');
}

describe.each(Object.keys(WAYS))('%s', (name) => {
  it('sends nobody to another site', async () => {
    const goTo = await WAYS[name]?.();
    for (const returnTo of ELSEWHERE)
      expect([returnTo, await goTo?.(returnTo)]).toEqual([returnTo, '/']);
  });

  it('sends people back to a path on this site, or to a trusted frontend', async () => {
    const goTo = await WAYS[name]?.();
    for (const [returnTo, to] of ALLOWED)
      expect([returnTo, await goTo?.(returnTo)]).toEqual([returnTo, to]);
  });

  it('hands no user name and password on to a trusted frontend', async () => {
    const goTo = await WAYS[name]?.();
    for (const user of ['eve:secret@', 'evil.example@', ':@']) {
      expect(await goTo?.(TRUSTED.replace('//', `//${user}`))).not.toContain('@');
      expect(await goTo?.(`http://${user}localhost:3000/a`)).toMatch(/^\/a?$/);
    }
  });
});

describe('a JSON request', () => {
  it('has no returnTo, and is not sent anywhere', async () => {
    await app.registered();
    const json = { email: EMAIL, password: PASSWORD, returnTo: '/account' };
    const refused = await app.client().post('/auth/login', { json });
    expect([refused.status, refused.headers.get('location')]).toEqual([400, null]);
    expect(refused.json.errors).toMatchObject([{ path: 'returnTo', code: 'unknown_key' }]);
  });
});

describe('logout', () => {
  it('goes to the front page alone', async () => {
    const { client } = await app.registered();
    expect(location(await client.post('/auth/logout', { form: {} }))).toBe('/');
    const query = '/auth/logout?returnTo=//evil.example';
    expect((await client.post(query, { form: {} })).status).toBe(400);
    const refused = await client.post('/auth/logout', {
      form: { returnTo: 'https://evil.example' },
    });
    expect([refused.status, refused.headers.get('location')]).toEqual([400, null]);
  });
});
