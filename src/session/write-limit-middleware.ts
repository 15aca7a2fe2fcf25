import type { MiddlewareHandler, Next } from 'hono';
import type { AppContext, AppEnv } from '../http/env.ts';
import { isSafe } from '../http/methods.ts';
import { refuse } from '../http/refusal.tsx';
import type { Limits } from '../limits/limits.ts';

/** A user with several sessions may write so many times as much as one session. */
const SESSIONS_OF_A_USER = 4;

/** What proves or ends something is never refused: whoever finds a thief in the account has to get them out. */
const ENDINGS = new Set([
  'POST /auth/password',
  'POST /auth/reauthenticate',
  'DELETE /auth/user',
  'DELETE /admin/users/{id}/sessions',
  'POST /account/password',
  'POST /account/delete',
]);
const ENDS_SESSIONS = /^(DELETE \/auth|POST \/account)\/(sessions|devices)(\/|$)/;

/**
 * Whether unsafe requests of somebody signed in are counted, as writes or as endings of sessions.
 *
 * @param route Method and pattern, such as `PATCH /auth/user`.
 */
export const isCounted = (route: string): boolean => !ENDINGS.has(route.replace(/:(\w+)/g, '{$1}'));

/**
 * Limits the unsafe requests of one session, and of all sessions of one user together, so that
 * somebody signed in can't fill the tables (ASVS 2.4.1). Stands behind `session()`.
 *
 * @param limit How many requests of one session; `LIMIT_WRITES`.
 * @param endings How often one session may end others: each time is a write to the user's row. Counted
 * by session alone, so that a thief in another one leaves the owner's way open.
 */
export function limitWrites(limit: Limits, endings: Limits): MiddlewareHandler<AppEnv> {
  return function limitWrites(c, next) {
    return isSafe(c.req.method) ? next() : counted(c, next);
  };

  async function counted(c: AppContext, next: Next) {
    const live = c.get('live');
    if (!live) return next();
    const route = `${c.req.method} ${c.get('route')}`;
    if (!isCounted(route)) return next();
    const { id, userId } = live.token;
    if (ENDS_SESSIONS.test(route)) {
      const ending = await endings.take(id);
      return ending.ok ? next() : refuse(c, ending);
    }
    const session = { name: `session ${id}`, times: 1 };
    const user = { name: `user ${userId}`, times: SESSIONS_OF_A_USER };
    const taken = await limit.take(userId === null ? [session] : [session, user]);
    return taken.ok ? next() : refuse(c, taken);
  }
}
