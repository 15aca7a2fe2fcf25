import type { MiddlewareHandler } from 'hono';
import { sessionMiddleware } from 'hono-sessions';
import { type Refusal, refusal } from '../errors.ts';
import type { AppContext, AppEnv } from '../http/env.ts';
import { refuse } from '../http/refuse.tsx';
import type { Log } from '../log.ts';
import type { SessionCookie } from './cookie.ts';
import { applying, startingWith } from './data-change.ts';
import type { LiveSession } from './reader.ts';
import { RequestStore } from './request-store.ts';
import type { NewSession, Sessions } from './sessions.ts';
import type { Token, Tokens } from './token.ts';

export interface SessionMiddlewareParts {
  sessions: Sessions;
  tokens: Pick<Tokens, 'read'>;
  cookie: SessionCookie;
  log: Log;
}

/** The token that a request carries. null: none that this server made. Costs no look-up. */
export function tokenOf(
  c: AppContext,
  { tokens, cookie }: Pick<SessionMiddlewareParts, 'tokens' | 'cookie'>,
): Token | null {
  const text = cookie.read(c.req.header('cookie'));
  return text === null ? null : tokens.read(text);
}

/** Sends the token of a new session to the browser. */
export function setSessionCookie(
  c: AppContext,
  cookie: SessionCookie,
  { token, session: { record } }: NewSession,
): void {
  const { login, createdAt } = record;
  const maxAge = login?.remember ? login.absoluteExpiresAt - createdAt : undefined;
  c.header('Set-Cookie', cookie.set(token, maxAge), { append: true });
}

/**
 * The session of a request: `c.var.session` for its data, `c.var.live` for who it is. One read
 * before the handler, one write or none after it, and a cookie only when a session starts or ends.
 */
export function session(parts: SessionMiddlewareParts): MiddlewareHandler<AppEnv> {
  const { sessions, cookie } = parts;
  return async function session(c, next) {
    const token = tokenOf(c, parts);
    const live = token && (await sessions.read(token));
    c.set('live', live);

    const store = new RequestStore(live);
    const library = sessionMiddleware({
      store,
      sessionCookieName: cookie.name,
      autoExtendExpiration: false,
    });
    await library(c, async () => {
      // The library has set a cookie of its own by now, for every visitor.
      c.header('Set-Cookie', undefined);
      await next();
    });
    c.header('Cache-Control', 'no-store');
    // A handler that threw commits nothing.
    if (c.error) return;
    if (c.get('session_key_rotation' as never)) {
      throw new Error('session_key_rotation is not honoured: a new login makes a new token');
    }
    const refused = await commit(c, parts, live, store);
    if (refused) c.res = await refuse(c, refused);
  };
}

async function commit(
  c: AppContext,
  parts: SessionMiddlewareParts,
  live: LiveSession | null,
  store: RequestStore,
): Promise<Refusal | null> {
  const { sessions, cookie } = parts;
  if (store.ended) {
    if (live) await sessions.end(live.token);
    c.header('Set-Cookie', cookie.clear(), { append: true });
    return null;
  }
  const change = store.change();
  if (!live) {
    if (change) setSessionCookie(c, cookie, await sessions.startAnonymous(startingWith(change)));
    return null;
  }
  if (!change) return renew(parts, live);
  const outcome = await sessions.save(live, applying(change));
  if (outcome.kind === 'saved') return null;
  return refusal(outcome.kind === 'gone' ? 'not_signed_in' : 'conflict');
}

/** The answer is right without it, so a store that can be read but not written keeps serving. */
async function renew({ sessions, log }: SessionMiddlewareParts, live: LiveSession): Promise<null> {
  try {
    await sessions.renew(live);
  } catch (error) {
    log.warn('a session was not renewed', { error });
  }
  return null;
}
