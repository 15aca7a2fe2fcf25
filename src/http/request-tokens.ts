import type { KnownDevices } from '../accounts/known-device.ts';
import type { SessionCookie } from '../session/cookie.ts';
import type { Token, Tokens } from '../session/token.ts';
import { chooseTokens } from '../session/token-choice.ts';
import { bearerOf } from './bearer.ts';
import type { HeaderContext } from './env.ts';

export interface TokenParts {
  tokens: Pick<Tokens, 'read'>;
  cookie: Pick<SessionCookie, 'read'>;
  deviceCookie: Pick<SessionCookie, 'read'>;
  knownDevices: Pick<KnownDevices, 'lastOf'>;
}

/**
 * Returns every token of this server that a request carries, once: that of a bearer header, else
 * those of its cookies. Values that this server did not make are ignored. Costs no look-up.
 */
export function allTokens(
  c: HeaderContext,
  { tokens, cookie }: Pick<TokenParts, 'tokens' | 'cookie'>,
): Token[] {
  const bearer = bearerOf(c);
  const values = bearer === null ? cookie.read(c.req.header('cookie')) : [bearer];
  const found: Token[] = [];
  for (const text of values.length < 2 ? values : new Set(values)) {
    const token = tokens.read(text);
    if (token) found.push(token);
  }
  return found;
}

/** Returns the tokens that may say who asks; see `chooseTokens`. Costs no look-up. */
export function currentTokens(c: HeaderContext, parts: TokenParts): readonly Token[] {
  const tokens = allTokens(c, parts);
  if (tokens.length < 2) return tokens;
  return chooseTokens(tokens, (userIds) => {
    const devices = parts.deviceCookie.read(c.req.header('cookie'));
    return parts.knownDevices.lastOf(devices, userIds);
  });
}
