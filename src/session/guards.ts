import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { refusal } from '../errors.ts';
import type { AppEnv } from '../http/env.ts';
import { refuse } from '../http/refusal.tsx';
import { type Clock, minutes, systemClock } from '../time.ts';
import type { User } from '../users/users.ts';
import { isSignedIn, type LiveSession, type SignedInSession } from './reader.ts';

/** What handlers find behind `requireUser()`. */
export type UserEnv = {
  Variables: AppEnv['Variables'] & {
    user: User;
    signedIn: SignedInSession;
  };
};

/** A recent login is at most so old. */
const RECENT = minutes(10);

/**
 * Lets only people in who are signed in; `c.var.user` says who. Others get 401.
 *
 * @example
 * app.get('/notes', requireUser(), (c) => c.json(notesOf(c.var.user.id)))
 */
export function requireUser(): MiddlewareHandler<UserEnv> {
  return createMiddleware<UserEnv>(async function requireUser(c, next) {
    if (!admit(c)) return refuse(c, refusal('not_signed_in'));
    await next();
  });
}

/** As `requireUser()`, for pages: others are sent to sign in, and come back to the page. */
export function requireUserOrLogin(): MiddlewareHandler<UserEnv> {
  return createMiddleware<UserEnv>(async function requireUserOrLogin(c, next) {
    if (!admit(c)) {
      const { pathname, search } = new URL(c.req.url);
      // Only a page can be come back to, not a form that was sent.
      const returnTo = c.req.method === 'GET' ? pathname + search : '/';
      return c.redirect(`/login?returnTo=${encodeURIComponent(returnTo)}`, 303);
    }
    await next();
  });
}

/** Lets only people in who have a role, behind `requireUser()`. Others get 403. */
export function requireRole(role: string): MiddlewareHandler<UserEnv> {
  return createMiddleware<UserEnv>(async function requireRole(c, next) {
    const user = c.get('user') ?? misplaced('requireRole', 'requireUser()');
    if (!user.roles.includes(role)) return refuse(c, refusal('forbidden'));
    await next();
  });
}

/**
 * Asks for a login, or a proof by password, that is at most ten minutes old (ASVS 7.5.1, 7.5.3),
 * behind `requireUser()`. Others get 403 `recent_login_required`.
 */
export function requireRecentLogin(clock: Clock = systemClock): MiddlewareHandler<UserEnv> {
  return createMiddleware<UserEnv>(async function requireRecentLogin(c, next) {
    const { record } = c.get('signedIn') ?? misplaced('requireRecentLogin', 'requireUser()');
    if (!isRecentLogin({ record }, clock)) return refuse(c, refusal('recent_login_required'));
    await next();
  });
}

/** The person proved who they are at most ten minutes ago. */
export function isRecentLogin({ record }: Pick<SignedInSession, 'record'>, clock: Clock): boolean {
  return clock.now() - record.login.authenticatedAt <= RECENT;
}

function admit(c: Context<UserEnv>): boolean {
  const live: LiveSession | null | undefined = c.get('live');
  if (live === undefined) misplaced('requireUser', 'the session middleware');
  if (!isSignedIn(live)) return false;
  c.set('user', live.user);
  c.set('signedIn', live);
  return true;
}

function misplaced(guard: string, needed: string): never {
  throw new Error(
    `${guard} stands before ${needed}: mount it behind (see src/app.ts for the order)`,
  );
}
