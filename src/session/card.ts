import { randomBytes } from 'node:crypto';
import { type Milliseconds, minutes, seconds } from '../time.ts';
import { withUserRole } from '../users/roles.ts';
import type { User } from '../users/users.ts';
import { parseArray } from './record.ts';

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

/** By place and not by name, and without what the key or the role that everybody has says. */
type Stored = [
  email: string | 0,
  username: string | 0,
  name: string | 0,
  roles: string[],
  state: number,
  epoch: number,
  version: number,
  createdAt: Milliseconds,
];

const VERIFIED = 1;
const DISABLED = 2;

export function encodeCard(user: User): string {
  const { email, username, name, roles, emailVerified, disabled } = user;
  const stored: Stored = [
    email ?? 0,
    username ?? 0,
    name ?? 0,
    roles.filter((role) => role !== 'user'),
    (emailVerified ? VERIFIED : 0) + (disabled ? DISABLED : 0),
    user.epoch,
    user.version,
    user.createdAt,
  ];
  return JSON.stringify(stored);
}

/** What can't be read counts as no card. */
export function decodeCard(id: string, text: string | null): Card {
  if (text?.startsWith(MARK)) return { kind: 'mark' };
  const stored = parseArray(text) as Stored | null;
  if (stored === null) return { kind: 'none' };
  const [email, username, name, roles, state, epoch, version, createdAt] = stored;
  if (!Number.isInteger(epoch) || !Array.isArray(roles)) return { kind: 'none' };
  const user = {
    id,
    email: email || null,
    username: username || null,
    name: name || null,
    roles: withUserRole(roles),
    emailVerified: (state & VERIFIED) !== 0,
    disabled: (state & DISABLED) !== 0,
    ...{ epoch, version, createdAt },
  };
  return { kind: 'user', user };
}
