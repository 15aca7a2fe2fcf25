import { randomBytes } from 'node:crypto';
import type { User } from '../accounts/users.ts';
import { type Milliseconds, minutes, seconds } from '../time.ts';
import { parseObject } from './record.ts';

/**
 * A user's card is the copy of the row that sessions are checked against, beside them in Redis. In
 * its place a *mark* may stand: somebody is loading the card or changing the user, and until that
 * is over nobody may cache a row.
 */
export type Card = { kind: 'user'; user: User } | { kind: 'mark' } | { kind: 'none' };

/** Never extended, so that a row that was changed by hand is seen after this long at the latest. */
export const CARD_TTL: Milliseconds = minutes(10);

/** Longer than any statement takes, so that no change outlives the mark that announces it. */
export const MARK_TTL: Milliseconds = seconds(60);

const MARK = 'mark:';

/** A mark that nobody else has. */
export const newMark = (): string => MARK + randomBytes(12).toString('base64url');

export const encodeCard = (user: User): string => JSON.stringify(user);

/** What can't be read counts as no card. */
export function decodeCard(text: string | null): Card {
  if (text?.startsWith(MARK)) return { kind: 'mark' };
  const user = parseObject<User>(text);
  return user && Number.isInteger(user.epoch) && Array.isArray(user.roles)
    ? { kind: 'user', user }
    : { kind: 'none' };
}
