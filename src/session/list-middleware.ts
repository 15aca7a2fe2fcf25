import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { currentTokens, type TokenParts } from '../http/request-tokens.ts';
import { createMemo } from '../memo.ts';
import type { OwnedSessions } from './owned-sessions.ts';
import { ownerOf } from './token-choice.ts';

export interface ListAheadParts extends TokenParts {
  owned: Pick<OwnedSessions, 'all'>;
}

/** Tokens that are over. One that is forgotten costs a list that nobody sees. */
const REMEMBERED = 2000;

/**
 * Asks for the sessions of whoever a token names beside the session itself, so that a list takes
 * one round trip: `c.var.ahead`, for `owned.list`. In front of the session middleware, which finds
 * out whether anybody may see them. A token that turned out to be over asks for no list again: what
 * has ended never lives again.
 */
export function listAhead(parts: ListAheadParts): MiddlewareHandler<AppEnv> {
  const over = createMemo<true>(REMEMBERED);
  return async function listAhead(c, next) {
    const tokens = currentTokens(c, parts);
    const userId = ownerOf(tokens);
    const digests = tokens.map(({ digest }) => digest).join(' ');
    if (userId && !over.get(digests, () => null)) {
      const found = parts.owned.all(userId);
      // Whoever is refused does not hear what became of it.
      found.catch(() => {});
      c.set('ahead', found);
    }
    await next();
    // Undefined where a fault kept the session from being read.
    if (userId && c.get('live') === null) over.get(digests, () => true);
  };
}
