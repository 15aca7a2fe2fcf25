import type { Token } from './token.ts';

/** Browsers keep one cookie of a name for each domain and path; more than these were tossed in. */
const MOST = 4;

/**
 * Returns the tokens that may say who asks, of all genuine ones that a request carries. A browser
 * sends several cookies of one name after a change of `COOKIE_DOMAIN` or `COOKIE_MODE`, or when a
 * sibling host has planted one (RFC 6265 section 8.6), and the order says nothing. Of different
 * users only those of the user who signed in last on this device count, so that whoever plants a
 * session of their own neither signs anybody in nor out. Costs no look-up.
 *
 * @param signedInLast Which of these users the host-only device cookie names; null for none.
 */
export function chooseTokens(
  tokens: readonly Token[],
  signedInLast: (userIds: readonly string[]) => string | null,
): readonly Token[] {
  if (tokens.length < 2) return tokens;
  if (tokens.length > MOST) return [];
  const owners = new Set(tokens.map(({ userId }) => userId).filter((owner) => owner !== null));
  if (owners.size < 2) return tokens;
  const owner = signedInLast([...owners]);
  return owner === null ? [] : tokens.filter(({ userId }) => userId === owner);
}

/** Returns the user whom tokens chosen by `chooseTokens` are of, or null if all are of visitors. */
export const ownerOf = (tokens: readonly Token[]): string | null =>
  tokens.find(({ userId }) => userId !== null)?.userId ?? null;
