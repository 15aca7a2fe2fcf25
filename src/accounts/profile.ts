import type { Caller } from '../caller.ts';
import { type Result, refusal, takenNames } from '../errors.ts';
import { networksOf } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { User, UserChange, Users } from '../users/users.ts';
import type { UserChanges } from './user-changes.ts';

export type ChangeProfile = (
  session: SignedInSession,
  change: Pick<UserChange, 'name' | 'username'>,
  by: Caller,
) => Promise<Result<{ user: User }>>;

export interface ChangeProfileParts {
  users: Users;
  changes: UserChanges;
  /** Counts, by client address, user names that were asked for and are taken, as at registration. */
  limit: Limits;
}

/**
 * Changes what people may change of themselves without further proof. `username_taken` tells that
 * there is such a user, so it counts as a try to register does; past the limit `rate_limited`.
 */
export function createChangeProfile({ users, changes, limit }: ChangeProfileParts): ChangeProfile {
  return async function changeProfile(session, change, by) {
    if (change.username === undefined) return apply(session, change);
    return limit.attempt(networksOf(by.ip), () => apply(session, change), 'username_taken');
  };

  async function apply(
    { user, record }: SignedInSession,
    change: Pick<UserChange, 'name' | 'username'>,
  ): Promise<Result<{ user: User }>> {
    const { epoch } = record.login;
    const changed = await changes.apply(user.id, () => users.update(user.id, change, { epoch }));
    if (changed) return { ok: true, user: changed };
    const now = await users.byId(user.id);
    if (now?.epoch !== epoch) return refusal('not_signed_in');
    return change.username === undefined ? refusal('conflict') : takenNames(['username']);
  }
}
