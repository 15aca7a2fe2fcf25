import type { MiddlewareHandler, Next } from 'hono';
import type { AppContext, AppEnv } from '../http/env.ts';
import { isSafe } from '../http/methods.ts';
import { refuseOtherUser } from '../http/other-user.ts';
import { currentTokens, type TokenParts } from '../http/request-tokens.ts';
import type { User } from '../users/users.ts';
import type { Sessions } from './sessions.ts';
import { ownerOf } from './token-choice.ts';

export interface IntendedUserParts extends TokenParts {
  sessions: Pick<Sessions, 'read'>;
}

/**
 * Lets an unsafe request say which user it is meant for: by the header `X-Gatehouse-User`, or by the
 * hidden field of a form, which `input` checks with the rest of the body. When another user is signed
 * in, the answer is 409 `conflict` and nothing happens: a tab that still shows one account must not
 * change another one. Stands before every route, because some act on a session without reading it.
 */
export function intendedUser(parts: IntendedUserParts): MiddlewareHandler<AppEnv> {
  return function intendedUser(c, next) {
    if (isSafe(c.req.method) || c.get('route') === null) return next();
    return unsafe(c, next);
  };

  async function unsafe(c: AppContext, next: Next) {
    c.set('otherUserThan', (id) => otherUserThan(c, id));
    const header = c.req.header('x-gatehouse-user');
    const other = header ? await otherUserThan(c, decoded(header)) : null;
    return other ? refuseOtherUser(c, other) : next();
  }

  /** The user who is signed in. Returns null if that is the user with this id, or nobody is. */
  async function otherUserThan(c: AppContext, id: string | null): Promise<User | null> {
    let live = c.get('live');
    if (live === undefined) {
      const tokens = currentTokens(c, parts);
      const owner = ownerOf(tokens);
      // A token names its user, so a request of the right user costs no look-up.
      if (owner === null || owner === id) return null;
      live = await parts.sessions.read(tokens, c.get('tally'));
    }
    if (!live?.user || live.user.id === id) return null;
    // The page that says so shows who is signed in.
    c.set('live', live);
    return live.user;
  }
}

/** Returns null for what is not percent-encoded UTF-8, which is the id of no user. */
function decoded(header: string): string | null {
  try {
    return decodeURIComponent(header);
  } catch {
    return null;
  }
}
