import { isWebOrigin } from '../config-browsers.ts';
import { isLoopback } from '../loopback.ts';
import { isPublicSuffix, registeredDomain, siteOf } from './sites.ts';

export interface CookieQuestion {
  /** Origin of the server. */
  baseUrl: string;
  /** null: the cookie belongs to the host alone. */
  cookieDomain: string | null;
  cookieMode: 'same-site' | 'cross-site';
  trustedOrigins: readonly string[];
  /** Origin of the pages that call the server. */
  frontend: string;
}

export interface CookieAnswer {
  /** Browsers keep the session cookie and send it. */
  works: boolean;
  /** The whole answer in words: why, and which setting to change. */
  text: string;
}

/** What is in the way, and what takes it away. */
interface Obstacle {
  because: string;
  remedy: string;
  /** Origin of the frontend once the remedy was taken, where that is another one. */
  moved?: string;
}

/**
 * Whether a browser that shows a page of the frontend keeps the cookie and sends it with
 * `fetch(url, { credentials: 'include' })`. By RFC 6265bis (SameSite, prefixes, public suffixes)
 * with sites compared by scheme too, as Chrome does and others are about to.
 */
export function judgeCookie(question: CookieQuestion): CookieAnswer {
  const { frontend } = question;
  if (!isWebOrigin(frontend)) return judgeApp(question);
  const site = acrossSites(question);
  const trust = untrusted({ ...question, frontend: site?.moved ?? frontend });
  const obstacles = [ownDomain(question), withoutTls(question), site, trust].filter(
    (obstacle) => obstacle !== null,
  );
  if (obstacles.length === 0) {
    const why = reason(question);
    return {
      works: true,
      text: `A browser on ${frontend} will keep the cookie and send it, ${why}`,
    };
  }
  const because = obstacles.map((obstacle) => `because ${obstacle.because}`).join(', and ');
  // Without a full stop in the end, which would be copied with the value.
  const remedies = obstacles.map(({ remedy }) => remedy).join('. ');
  return {
    works: false,
    text: `A browser on ${frontend} will not keep the cookie and send it, ${because}. ${remedies}`,
  };
}

/** Pages of an app in a web view, or of an extension: always another site than the server's. */
function judgeApp(question: CookieQuestion): CookieAnswer {
  const { frontend, cookieMode } = question;
  const trust = untrusted(question);
  const bearer = 'sign in with "token": true and send Authorization: Bearer TOKEN';
  if (trust === null && cookieMode === 'cross-site') {
    const many = `Many web views keep no cookie of another site; where that is so, ${bearer}.`;
    return {
      works: true,
      text: `${frontend} is trusted, and the cookie is SameSite=None. ${many}`,
    };
  }
  const because =
    trust?.because ?? `${frontend} is another site, and a SameSite=Lax cookie does not go there`;
  const remedy = trust?.remedy ?? `In the app ${bearer}, or set COOKIE_MODE=cross-site`;
  return {
    works: false,
    text: `The cookie does not work on ${frontend}, because ${because}. ${remedy}`,
  };
}

function reason({ baseUrl, cookieMode, frontend }: CookieQuestion): string {
  if (frontend === baseUrl) return 'because it is the origin of BASE_URL itself.';
  const site = siteOf(frontend);
  if (site !== siteOf(baseUrl)) {
    return (
      'because it is in TRUSTED_ORIGINS and COOKIE_MODE=cross-site makes the cookie SameSite=None; ' +
      `Secure; Partitioned. The cookie belongs to pages of ${site} alone, so sign in with fetch and ` +
      'not on the pages of BASE_URL; a browser without partitioned cookies may still drop it.'
    );
  }
  if (cookieMode === 'cross-site') {
    return (
      `because it is in TRUSTED_ORIGINS. It is of the same site as BASE_URL (${site}), so it does ` +
      'not need COOKIE_MODE=cross-site; same-site keeps more attacks out.'
    );
  }
  return (
    `because it is in TRUSTED_ORIGINS and of the same site as BASE_URL (${site}; ports do not count), ` +
    "where a SameSite=Lax cookie goes with fetch(url, { credentials: 'include' })."
  );
}

function ownDomain({ baseUrl, cookieDomain }: CookieQuestion): Obstacle | null {
  // A domain that is the host itself makes a cookie of the host alone, whatever the list says.
  if (cookieDomain === null || cookieDomain === new URL(baseUrl).hostname) return null;
  if (!isPublicSuffix(cookieDomain)) return null;
  return {
    because: `anybody can have a name under ${cookieDomain}, and browsers keep no cookie for such a domain`,
    remedy: 'Unset COOKIE_DOMAIN: a frontend does not need it, only sibling servers do',
  };
}

function withoutTls({ baseUrl, cookieMode }: CookieQuestion): Obstacle | null {
  if (cookieMode === 'same-site' || baseUrl.startsWith('https:')) return null;
  return {
    because: 'a SameSite=None cookie has to be Secure, which takes https, and BASE_URL is http',
    remedy: 'Set BASE_URL to an https address, or COOKIE_MODE=same-site',
  };
}

/** Pages of another site get no SameSite=Lax cookie, and those on https may not call plain http. */
function acrossSites(question: CookieQuestion): Obstacle | null {
  const { baseUrl, cookieMode, frontend } = question;
  const [base, front] = [new URL(baseUrl), new URL(frontend)];
  if (siteOf(baseUrl) === siteOf(frontend)) return null;
  if (isLoopback(base.hostname) && isLoopback(front.hostname)) {
    return cookieMode === 'cross-site' ? null : onLoopback(base, front);
  }
  if (base.protocol === 'http:' && front.protocol === 'https:') {
    return {
      because: 'a page on https may not call BASE_URL, which is http, nor get its cookie',
      remedy: `Set BASE_URL to an https address, such as ${suggestion(front)}`,
    };
  }
  if (cookieMode === 'cross-site') return null;
  const lax = 'a SameSite=Lax cookie goes with fetch within one site only';
  const https = frontend.replace('http:', 'https:');
  if (siteOf(baseUrl) === siteOf(https)) {
    const because = `http and https are two sites, and ${lax}`;
    return { because, remedy: `Serve the frontend on ${https}`, moved: https };
  }
  const because = `${siteOf(frontend)} and ${siteOf(baseUrl)} are two sites, and ${lax}`;
  return { because, remedy: remedyAcross(base, front) };
}

/** Such as `localhost` and `127.0.0.1`, or `app.localhost` and `auth.localhost`. */
function onLoopback(base: URL, front: URL): Obstacle {
  const port = front.port && `:${front.port}`;
  const moved = new URL(`${base.protocol}//${base.hostname}${port}`).origin;
  const [from, to] = [siteOf(front.origin), siteOf(base.origin)];
  return {
    because: `${from} and ${to} are two sites, although both are on this machine`,
    remedy: `Open the frontend at ${moved}`,
    moved,
  };
}

function remedyAcross(base: URL, front: URL): string {
  if (base.protocol === 'http:') {
    return 'Give both one domain, or set BASE_URL to an https address and COOKIE_MODE=cross-site';
  }
  if (isLoopback(front.hostname)) {
    return 'For development run Gatehouse on this machine too, or set COOKIE_MODE=cross-site';
  }
  const one = registeredDomain(front.hostname) && `, such as BASE_URL=${suggestion(front)}`;
  return `Give both one domain${one ?? ''}, or set COOKIE_MODE=cross-site`;
}

/** An address for the server on the site of a frontend. */
const suggestion = ({ hostname }: URL) => `https://auth.${registeredDomain(hostname) ?? hostname}`;

/** Other origins get no CORS answer, and their unsafe requests are refused. */
function untrusted({ baseUrl, trustedOrigins, frontend }: CookieQuestion): Obstacle | null {
  if (frontend === baseUrl || trustedOrigins.includes(frontend)) return null;
  const similar = trustedOrigins.find((origin) => isSimilar(origin, frontend));
  const missing = `${frontend} is not in TRUSTED_ORIGINS`;
  return {
    because: similar
      ? `${missing} (${similar} is, which is another origin: scheme, host and port all count)`
      : `${missing}, so it may neither read answers nor post`,
    remedy: `Set TRUSTED_ORIGINS=${[...trustedOrigins, frontend].join(',')}`,
  };
}

/** One origin written for the other: another scheme, another port, or `www.` in front. */
function isSimilar(one: string, other: string): boolean {
  const host = (origin: string) => new URL(origin).hostname.replace(/^www\./, '');
  return host(one) === host(other);
}
