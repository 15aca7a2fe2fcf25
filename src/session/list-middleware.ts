import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { currentTokens, type TokenParts } from '../http/request-tokens.ts';
import type { OwnedSessions } from './owned-sessions.ts';
import { ownerOf } from './token-choice.ts';

export interface ListAheadParts extends TokenParts {
  owned: Pick<OwnedSessions, 'all'>;
}

/**
 * Asks for the sessions of whoever a token names beside the session itself, so that a list takes
 * one round trip: `c.var.ahead`, for `owned.list`. In front of the session middleware, which finds
 * out whether anybody may see them.
 */
export function listAhead(parts: ListAheadParts): MiddlewareHandler<AppEnv> {
  return function listAhead(c, next) {
    const userId = ownerOf(currentTokens(c, parts));
    if (userId) {
      const found = parts.owned.all(userId);
      // Whoever is refused does not hear what became of it.
      found.catch(() => {});
      c.set('ahead', found);
    }
    return next();
  };
}
