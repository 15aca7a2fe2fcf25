import type { MiddlewareHandler, Next } from 'hono';
import { cors } from 'hono/cors';
import { isWebOrigin } from '../config-browsers.ts';
import { refusal } from '../errors.ts';
import type { Log } from '../log.ts';
import { bearerOf } from './bearer.ts';
import type { AppContext, AppEnv } from './env.ts';
import { withHeaders } from './headers.ts';
import { isSafe } from './methods.ts';
import { refuse } from './refusal.tsx';
import { createUntrustedOrigins } from './untrusted-origins.ts';

export interface Origins {
  /** This server's own. */
  base: string;
  /** Frontends. */
  trusted: readonly string[];
  /** Where people go home to (APP_URL). Absent: to the front page of this server. */
  app?: string | undefined;
}

/** The address that people go home to when nothing else was asked for. */
export const homeOf = ({ app }: Pick<Origins, 'app'>): string => app ?? '/';

/** The other origins that forms of this server may lead to. */
export function formTargets({ base, trusted, app }: Origins): string[] {
  const own = app === undefined ? [] : [new URL(app).origin];
  return [...new Set([...trusted, ...own])].filter(
    (origin) => origin !== base && isWebOrigin(origin),
  );
}

/**
 * Refuses unsafe requests that a browser sent for another site, whatever their content type, before
 * anything is read or counted (ASVS 3.5.1). With neither header it is no browser, and passes; so
 * does a bearer token, which browsers never add by themselves.
 */
export function crossSite({ base, trusted }: Origins): MiddlewareHandler<AppEnv> {
  const known = new Set([base, ...trusted]);
  return function crossSite(c, next) {
    return isSafe(c.req.method) || isOwn(c)
      ? next()
      : Promise.resolve(refuse(c, refusal('cross_site_request', { reason: 'untrusted_origin' })));
  };

  function isOwn(c: AppContext): boolean {
    if (bearerOf(c) !== null) return true;
    const origin = c.req.header('origin');
    const knownOrigin = origin !== undefined && known.has(origin);
    const noBrowser = c.req.header('sec-fetch-site') === undefined && origin === undefined;
    return isSameOrigin(c) || knownOrigin || noBrowser;
  }
}

/** The browser says that the request is of the page's own origin, or of nobody's page. */
function isSameOrigin(c: AppContext): boolean {
  const site = c.req.header('sec-fetch-site');
  return site === 'same-origin' || site === 'none';
}

const OUR_HEADERS = ['Content-Type', 'Authorization', 'X-Gatehouse-User'];

const MOST_ASKED = 1024;

/** Whether a text is a list of header names (RFC 9110 section 5.1), short enough to be sent back. */
const areHeaderNames = (text: string): boolean =>
  text.length <= MOST_ASKED && /^[\w!#$%&'*+.^`|~-]+(\s*,\s*[\w!#$%&'*+.^`|~-]+)*$/.test(text);

/** CORS with credentials, for the exact trusted origins and nobody else. */
export function trustedCors({ base, trusted }: Origins, log: Log): MiddlewareHandler<AppEnv> {
  const untrusted = createUntrustedOrigins(log);
  const options = {
    origin: [...trusted],
    credentials: true,
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposeHeaders: ['X-Request-Id', 'Retry-After'],
    maxAge: 600,
  };
  // A trusted frontend may send what it likes: tracing, for one, brings headers of its own.
  const allowAsked = cors(options);
  const allowOurs = cors({ ...options, allowHeaders: OUR_HEADERS });
  const known = new Set(trusted);
  return function trustedCors(c, next) {
    const origin = c.req.header('origin');
    if (origin !== undefined && known.has(origin)) {
      const asked = c.req.header('access-control-request-headers') ?? '';
      return areHeaderNames(asked) ? allowAsked(c, next) : allowOurs(c, next);
    }
    if (origin !== undefined && origin !== base && !isSameOrigin(c)) untrusted(origin);
    // Where no origin is trusted none gets another answer, so a handler's own `Vary` may stand alone.
    return known.size === 0 ? withHeaders(c, [['Vary', 'Origin']], next) : varying(c, next);
  };

  async function varying(c: AppContext, next: Next): Promise<void> {
    await next();
    // Not by `c.header`, which makes a new answer of one that is made.
    const { headers } = c.res;
    if (!/\borigin\b/i.test(headers.get('Vary') ?? '')) headers.append('Vary', 'Origin');
  }
}
