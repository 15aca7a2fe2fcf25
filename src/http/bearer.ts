import { hasTokenForm } from '../session/token.ts';
import type { HeaderContext } from './env.ts';

/**
 * Returns the token of an `Authorization: Bearer` header (RFC 6750 section 2.1) if it has the form of
 * a token of this server, genuine or not, else null. Only a program sends one: browsers never add it
 * by themselves, so there is nothing to forge. What a frontend's bug (`Bearer null`) or somebody
 * else's API puts there is not ours: then the cookie counts, under the cross-site rule.
 */
export function bearerOf(c: Pick<HeaderContext, 'req'>): string | null {
  const header = c.req.header('authorization');
  const [, token] = (header && /^bearer +(\S+) *$/i.exec(header)) || [];
  return token !== undefined && hasTokenForm(token) ? token : null;
}
