import type { MiddlewareHandler } from 'hono';
import { sessionMiddleware } from 'hono-sessions';
import { type Refusal, refusal } from '../errors.ts';
import { bearerOf } from '../http/bearer.ts';
import type { AppContext, AppEnv, CookieContext } from '../http/env.ts';
import { type HeaderLines, withHeaders } from '../http/headers.ts';
import { isSafe } from '../http/methods.ts';
import { refuse } from '../http/refusal.tsx';
import { allTokens, currentTokens, type TokenParts } from '../http/request-tokens.ts';
import { networksOf } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { Log } from '../log.ts';
import { countedFor } from '../tally.ts';
import type { SessionCookie } from './cookie.ts';
import { applying, startingWith } from './data-change.ts';
import { NO_ROTATION, sessionForHandlers } from './library-session.ts';
import type { LiveSession } from './reader.ts';
import type { SessionData } from './record.ts';
import { RequestStore } from './request-store.ts';
import { refusalOf } from './saving.ts';
import type { NewSession, Sessions } from './sessions.ts';
import type { Tokens } from './token.ts';

export interface SessionMiddlewareParts extends TokenParts {
  sessions: Sessions;
  cookie: SessionCookie;
  startAnonymous: StartAnonymous;
  log: Log;
}

/**
 * Starts a session for a visitor and sends its cookie. Answers a refusal when this address has
 * started too many.
 */
export type StartAnonymous = (c: AppContext, data: SessionData) => Promise<Refusal | null>;

export function createStartAnonymous(parts: {
  sessions: Pick<Sessions, 'startAnonymous' | 'renewedAt'>;
  tokens: Pick<Tokens, 'read'>;
  cookie: SessionCookie;
  limit: Limits;
  clientAddress: (c: AppContext) => string | null;
}): StartAnonymous {
  return async function startAnonymous(c, data) {
    // A program whose session is over is told so; it has no use for a cookie.
    if (bearerOf(c) !== null) return refusal('not_signed_in');
    // A request that was on its way while its browser got a new token: a cookie of a visitor would
    // take the place of that token.
    for (const token of allTokens(c, parts)) {
      if ((await parts.sessions.renewedAt(token)) !== null) return refusal('not_signed_in');
    }
    const taken = await parts.limit.take(networksOf(parts.clientAddress(c)));
    if (!taken.ok) return taken;
    setSessionCookie(c, parts.cookie, await parts.sessions.startAnonymous(data));
    return null;
  };
}

/** Sends a new token to the browser. */
export function setSessionCookie(
  c: CookieContext,
  cookie: SessionCookie,
  { token, session: { record } }: NewSession,
): void {
  const { login, lastSeenAt } = record;
  // What is left of the absolute lifetime; a browser session without `remember`.
  const maxAge = login?.remember ? login.absoluteExpiresAt - lastSeenAt : undefined;
  sendCookie(c, cookie.set(token, maxAge));
}

/** Whatever a handler said of its answer: a cache would hand the cookie to others. */
function sendCookie(c: CookieContext, line: string): void {
  c.set('sessionCookie', line);
  c.header('Cache-Control', 'no-store');
  c.header('Set-Cookie', line, { append: true });
}

/** What depends on a session is kept by no cache. */
const NO_STORE: HeaderLines = [['Cache-Control', 'no-store']];

/**
 * Who asks: `c.var.live`. One read before the handler; after it the idle timeout is renewed when
 * that is due.
 */
export function session(parts: SessionMiddlewareParts): MiddlewareHandler<AppEnv> {
  const { sessions } = parts;
  return async function session(c, next) {
    const found = await sessions.read(currentTokens(c, parts), c.get('tally'));
    c.set('live', found?.readOnly && !isSafe(c.req.method) ? null : found);
    await withHeaders(c, NO_STORE, next);
    const live = c.get('live');
    if (live && !live.readOnly && !c.error && sessions.renewalDue(live)) {
      await renew(c, parts, live);
    }
  };
}

/**
 * What a session keeps, as handlers use it: `c.var.session`. One write after the handler or none,
 * and a cookie only with a new session or an end. Behind `session()`; routes that don't need it
 * stand before it.
 */
export function sessionData(parts: SessionMiddlewareParts): MiddlewareHandler<AppEnv> {
  const { cookie } = parts;
  return async function sessionData(c, next) {
    const store = new RequestStore(c.get('live'));
    const library = sessionMiddleware({
      store,
      sessionCookieName: cookie.name,
      // The library's cookie is thrown away, but must be one that Hono lets it make: `__Host-`.
      cookieOptions: { path: '/', secure: true },
      autoExtendExpiration: false,
    });
    await library(c, async () => {
      // The library has set a cookie of its own by now, for every visitor.
      c.header('Set-Cookie', undefined);
      c.set('session', sessionForHandlers(c.get('session')));
      await next();
    });
    // A handler that threw commits nothing.
    if (c.error) return;
    if (c.get('session_key_rotation' as never)) throw new Error(NO_ROTATION);
    const refused = await commit(c, parts, store);
    if (refused) c.res = await refuse(c, refused);
  };
}

async function commit(
  c: AppContext,
  { sessions, cookie, startAnonymous }: SessionMiddlewareParts,
  store: RequestStore,
): Promise<Refusal | null> {
  const live = c.get('live');
  if (store.ended) {
    if (live) await sessions.end(live.token);
    c.set('live', null);
    clearSessionCookie(c, cookie);
    return null;
  }
  // A HEAD is answered as a GET would be, but leaves a flash message for the GET. So does a request
  // whose token was just replaced.
  const change = c.req.method === 'HEAD' || live?.readOnly ? null : store.change();
  if (!change) return null;
  if (!live) return startAnonymous(c, startingWith(change));
  const outcome = await sessions.save(live, applying(change));
  if (outcome.kind !== 'saved') return refusalOf(outcome.kind);
  c.set('live', outcome.session);
  return null;
}

/** Takes the cookie away, unless the session came without it. */
export function clearSessionCookie(c: CookieContext, cookie: SessionCookie): void {
  if (bearerOf(c) !== null) return;
  clearStrayCookies(c, cookie);
  sendCookie(c, cookie.clear());
}

/**
 * When a request carried several cookies of the name, takes those away that other settings of this
 * server have left: host-only or with the present `COOKIE_DOMAIN`, partitioned or not.
 */
export function clearStrayCookies(c: CookieContext, cookie: SessionCookie): void {
  if (cookie.read(c.req.header('cookie')).length < 2) return;
  for (const line of cookie.clearStrays()) c.header('Set-Cookie', line, { append: true });
}

/** The answer is right without it, so a store that can be read but not written keeps serving. */
async function renew(
  c: AppContext,
  { sessions, log }: SessionMiddlewareParts,
  live: LiveSession,
): Promise<void> {
  try {
    await countedFor(c.get('tally'), () => sessions.renew(live));
  } catch (error) {
    log.warn('a session was not renewed', { requestId: c.get('requestId'), error });
  }
}
