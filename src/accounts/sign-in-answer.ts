import type { Context } from 'hono';
import type { Result } from '../errors.ts';
import { bearerOf } from '../http/bearer.ts';
import type { Origins } from '../http/cross-site.ts';
import { type DeviceCookieParts, setDeviceCookie } from '../http/device-cookie.ts';
import type { AppContext, AppEnv } from '../http/env.ts';
import { refuse } from '../http/refusal.tsx';
import { safeReturnTo } from '../http/return-to.ts';
import type { SessionCookie } from '../session/cookie.ts';
import type { Expiry } from '../session/expiry.ts';
import { clearStrayCookies, setSessionCookie } from '../session/middleware.ts';
import type { NewSignedInSession } from '../session/sessions.ts';
import type { Tokens } from '../session/token.ts';
import { sessionView, userView } from '../session/views.ts';
import type { LoggedIn } from './login.ts';
import type { Renewed } from './reauthentication.ts';

export interface SignInAnswerParts {
  cookie: SessionCookie;
  tokens: Pick<Tokens, 'read'>;
  expiry: Pick<Expiry, 'endOf'>;
  origins: Origins;
}

/** Answers who just signed in: with the cookie, or with the token in the body for a program. */
export function answerSignIn(
  c: AppContext,
  result: Result<NewSignedInSession>,
  parts: SignInAnswerParts & { status: 200 | 201; showToken: boolean },
) {
  const { cookie, expiry, origins, status, showToken } = parts;
  if (!result.ok) return refuse(c, result);
  c.header('Cache-Control', 'no-store');
  if (!showToken) {
    clearStrayCookies(c, cookie);
    setSessionCookie(c, cookie, result);
  }
  const form = c.get('form');
  if (form) return c.redirect(safeReturnTo(form.returnTo, origins), 303);
  const { token, session } = result;
  const view = sessionView(session.token.id, { record: session.record, current: true, expiry });
  const answer = { user: userView(session.user), session: view };
  return c.json(showToken ? { ...answer, token } : answer, status);
}

/** Goes on with a request as whoever it has just signed in. */
export function startSession<E extends AppEnv>(
  context: Context<E>,
  result: LoggedIn,
  parts: { cookie: SessionCookie } & DeviceCookieParts,
): void {
  const { cookie } = parts;
  const c = context as unknown as AppContext;
  c.set('live', result.session);
  setDeviceCookie(c, parts, result.device);
  clearStrayCookies(c, cookie);
  setSessionCookie(c, cookie, result);
}

/** Hands a signed-in session its new token: by cookie, or in the body to a bearer request. */
export function handOver<E extends AppEnv>(
  context: Context<E>,
  { token, session, device }: Renewed,
  parts: Pick<SignInAnswerParts, 'cookie' | 'expiry'> & DeviceCookieParts,
) {
  const { cookie, expiry } = parts;
  const c = context as unknown as AppContext;
  // What the session middleware would write belongs to the old token.
  c.set('live', session);
  if (bearerOf(c) === null) setSessionCookie(c, cookie, { token, session });
  setDeviceCookie(c, parts, device);
  const { record } = session;
  return { session: sessionView(session.token.id, { record, current: true, expiry }), token };
}
