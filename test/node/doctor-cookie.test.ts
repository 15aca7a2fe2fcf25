import { describe, expect, it } from 'vitest';
import { type CookieQuestion, judgeCookie } from '../../src/doctor/cookie.ts';

const AUTH = 'https://auth.example.com';
const LOCAL = 'http://localhost:3000';

/** What is asked: the frontend, then what differs from a server on `AUTH` that trusts it. */
type Case = [frontend: string, more: Partial<CookieQuestion>];

const ask = (...[frontend, more]: Case) =>
  judgeCookie({
    baseUrl: AUTH,
    cookieDomain: null,
    cookieMode: 'same-site',
    trustedOrigins: [frontend],
    frontend,
    ...more,
  });

const crossSite = { cookieMode: 'cross-site' } as const;
const untrusted = { trustedOrigins: [] };

describe('a browser keeps the cookie and sends it', () => {
  it.each<[...Case, string]>([
    [AUTH, untrusted, 'the origin of BASE_URL itself'],
    [LOCAL, { baseUrl: LOCAL, ...untrusted }, 'the origin of BASE_URL itself'],
    ['https://app.example.com', {}, 'same site as BASE_URL (https://example.com;'],
    ['https://example.com', {}, 'same site as BASE_URL (https://example.com;'],
    ['https://a.b.example.com:8443', {}, 'SameSite=Lax cookie goes with fetch'],
    ['https://app.example.co.uk', { baseUrl: 'https://example.co.uk' }, '(https://example.co.uk;'],
    ['https://app.me.workers.dev', { baseUrl: 'https://auth.me.workers.dev' }, 'me.workers.dev;'],
    ['http://localhost:5173', { baseUrl: LOCAL }, '(http://localhost; ports do not count)'],
    ['http://127.0.0.1:5173', { baseUrl: 'http://127.0.0.1:3000' }, '(http://127.0.0.1;'],
    ['http://[::1]:5173', { baseUrl: 'http://[::1]:3000' }, '(http://[::1];'],
    [
      'http://app.dev.localhost',
      { baseUrl: 'http://auth.dev.localhost' },
      '(http://dev.localhost;',
    ],
    ['http://intranet:81', { baseUrl: 'http://intranet' }, '(http://intranet;'],
    ['https://app.example.com', { cookieDomain: 'example.com' }, 'same site'],
    ['https://github.io', { baseUrl: 'https://github.io', cookieDomain: 'github.io' }, 'itself'],
    ['https://app.example.com', crossSite, 'does not need COOKIE_MODE=cross-site'],
    ['https://app.example.net', crossSite, 'pages of https://example.net alone, so sign in with'],
    ['http://localhost:5173', crossSite, 'SameSite=None; Secure; Partitioned'],
    ['http://app.example.com', crossSite, 'SameSite=None; Secure; Partitioned'],
    [
      'https://b.vercel.app',
      { ...crossSite, baseUrl: 'https://a.vercel.app' },
      'https://b.vercel.app',
    ],
  ])('on %s with %j', (frontend, more, because) => {
    const { works, text } = ask(frontend, more);
    expect(text).toContain(`A browser on ${frontend} will keep the cookie and send it, because `);
    expect(text).toContain(because);
    expect(works).toBe(true);
  });
});

describe('an app in a web view', () => {
  const app = 'capacitor://localhost';

  it.each<[Partial<CookieQuestion>, works: boolean, text: string]>([
    [{}, false, 'a SameSite=Lax cookie does not go there. In the app sign in with "token": true'],
    [{ baseUrl: LOCAL }, false, 'or set COOKIE_MODE=cross-site'],
    [crossSite, true, 'Many web views keep no cookie of another site'],
    [untrusted, false, `Set TRUSTED_ORIGINS=${app}`],
  ])('is told what works for it: %j', (more, works, text) => {
    const answer = ask(app, more);
    expect(answer.text).toContain(text);
    expect(answer.works).toBe(works);
  });
});

describe('a browser does not, and what to set is said', () => {
  it.each<[...Case, string, string]>([
    // Nobody said that it may.
    [
      'https://app.example.com',
      { trustedOrigins: ['https://www.example.com'] },
      'https://app.example.com is not in TRUSTED_ORIGINS, so it may neither read answers nor post',
      'Set TRUSTED_ORIGINS=https://www.example.com,https://app.example.com',
    ],
    ...['http://app.example.com', 'https://app.example.com:444', 'https://www.app.example.com'].map(
      (similar): [string, Partial<CookieQuestion>, string, string] => [
        'https://app.example.com',
        { trustedOrigins: [similar] },
        `(${similar} is, which is another origin`,
        `Set TRUSTED_ORIGINS=${similar},https://app.example.com`,
      ],
    ),
    // Two sites.
    [
      'https://app.example.net',
      {},
      'https://example.net and https://example.com are two sites',
      'such as BASE_URL=https://auth.example.net, or set COOKIE_MODE=cross-site',
    ],
    [
      'https://b.vercel.app',
      { baseUrl: 'https://a.vercel.app' },
      'https://b.vercel.app and https://a.vercel.app are two sites',
      'COOKIE_MODE=cross-site',
    ],
    ['https://b.co.uk', { baseUrl: 'https://a.co.uk' }, 'are two sites', 'COOKIE_MODE=cross-site'],
    [
      'http://localhost:5173',
      {},
      'http://localhost and https://example.com are two sites',
      'For development run Gatehouse on this machine too, or set COOKIE_MODE=cross-site',
    ],
    [
      'https://203.0.113.7',
      {},
      'are two sites',
      'Give both one domain, or set COOKIE_MODE=cross-site',
    ],
    // One name, two schemes.
    [
      'http://app.example.com',
      { trustedOrigins: ['https://app.example.com'] },
      'http and https are two sites',
      'Serve the frontend on https://app.example.com',
    ],
    [
      'http://app.example.com',
      untrusted,
      'https://app.example.com is not in TRUSTED_ORIGINS',
      'Serve the frontend on https://app.example.com. Set TRUSTED_ORIGINS=https://app.example.com',
    ],
    [
      'https://app.example.com',
      { baseUrl: 'http://auth.example.com' },
      'a page on https may not call BASE_URL, which is http',
      'Set BASE_URL to an https address, such as https://auth.example.com',
    ],
    [
      'https://app.example.com',
      { baseUrl: LOCAL },
      'a page on https may not call BASE_URL',
      'such as https://auth.example.com',
    ],
    [
      'http://app.example.com',
      { baseUrl: LOCAL },
      'are two sites',
      'or set BASE_URL to an https address and COOKIE_MODE=cross-site',
    ],
    // One machine, two sites.
    [
      'http://127.0.0.1:5173',
      { baseUrl: LOCAL, ...untrusted },
      'http://127.0.0.1 and http://localhost are two sites, although both are on this machine',
      'Open the frontend at http://localhost:5173. Set TRUSTED_ORIGINS=http://localhost:5173',
    ],
    [
      'http://localhost:5173',
      { baseUrl: 'http://127.0.0.1:3000', trustedOrigins: ['http://127.0.0.1:5173'] },
      'are two sites',
      'Open the frontend at http://127.0.0.1:5173',
    ],
    [
      'http://app.localhost',
      { baseUrl: LOCAL },
      'are two sites',
      'Open the frontend at http://loc',
    ],
    ['https://localhost:5173', { baseUrl: LOCAL }, 'are two sites', 'http://localhost:5173'],
    // Attributes that browsers refuse.
    [
      'https://app.me.workers.dev',
      { baseUrl: 'https://auth.me.workers.dev', cookieDomain: 'workers.dev' },
      'anybody can have a name under workers.dev',
      'Unset COOKIE_DOMAIN',
    ],
    [
      'https://auth.me.workers.dev',
      { baseUrl: 'https://auth.me.workers.dev', cookieDomain: 'workers.dev' },
      'browsers keep no cookie for such a domain',
      'Unset COOKIE_DOMAIN',
    ],
    [
      'http://localhost:5173',
      { ...crossSite, baseUrl: LOCAL },
      'a SameSite=None cookie has to be Secure, which takes https',
      'Set BASE_URL to an https address, or COOKIE_MODE=same-site',
    ],
  ])('on %s with %j', (frontend, more, because, remedy) => {
    const { works, text } = ask(frontend, more);
    expect(text).toContain(
      `A browser on ${frontend} will not keep the cookie and send it, because `,
    );
    expect(text).toContain(because);
    expect(text).toContain(remedy);
    expect(text).not.toMatch(/\n|\.$/);
    expect(works).toBe(false);
  });
});
