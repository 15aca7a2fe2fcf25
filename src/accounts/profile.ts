import { type Result, refusal, takenNames } from '../errors.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { User, UserChange, Users } from '../users/users.ts';
import type { UserChanges } from './user-changes.ts';

export type ChangeProfile = (
  session: SignedInSession,
  change: Pick<UserChange, 'name' | 'username'>,
) => Promise<Result<{ user: User }>>;

/** Changes what people may change of themselves without further proof. */
export function createChangeProfile(users: Users, changes: UserChanges): ChangeProfile {
  return async function changeProfile({ user, record }, change) {
    const { epoch } = record.login;
    const changed = await changes.apply(user.id, () => users.update(user.id, change, { epoch }));
    if (changed) return { ok: true, user: changed };
    const now = await users.byId(user.id);
    if (now?.epoch !== epoch) return refusal('not_signed_in');
    return change.username === undefined ? refusal('conflict') : takenNames(['username']);
  };
}
