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
  const distinct = values.length < 2 ? values : [...new Set(values)];
  return distinct.map((text) => tokens.read(text)).filter((token) => token !== null);
}

/** Returns the tokens that may say who asks; see `chooseTokens`. Costs no look-up. */
export function currentTokens(c: HeaderContext, parts: TokenParts): readonly Token[] {
  return chooseTokens(allTokens(c, parts), (userIds) => {
    const devices = parts.deviceCookie.read(c.req.header('cookie'));
    return parts.knownDevices.lastOf(devices, userIds);
  });
}
