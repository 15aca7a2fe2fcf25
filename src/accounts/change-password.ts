import { type Result, refusal } from '../errors.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { checkPassword, type PasswordPolicy } from '../passwords/policy.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { SaveFailure } from '../session/saving.ts';
import type { NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Prove } from './proof.ts';
import { refusalOf } from './reauthenticate.ts';
import type { UserChanges } from './user-changes.ts';
import type { Users } from './users.ts';

export interface ChangePasswordParts {
  users: Users;
  changes: UserChanges;
  passwords: Passwords;
  policy: PasswordPolicy;
  prove: Prove;
  sessions: Pick<Sessions, 'renewToken'>;
}

export type ChangePassword = (
  session: SignedInSession,
  passwords: { currentPassword: string; newPassword: string },
) => Promise<Result<NewSignedInSession>>;

/**
 * Changes the password of somebody who knows the current one. Every other session ends, a login in
 * flight with the old password included; this one goes on with a new token (ASVS 7.4.3, 7.5.1).
 */
export function createChangePassword(parts: ChangePasswordParts): ChangePassword {
  const { users, changes, passwords, policy, prove, sessions } = parts;
  return async function changePassword(session, { currentPassword, newPassword }) {
    const weak = checkPassword(newPassword, policy, 'newPassword');
    if (weak) return weak;
    const proven = await prove(session, currentPassword);
    if (!proven.ok) return proven;
    const hashed = await passwords.hash(newPassword);
    if (!hashed.ok) return hashed;

    const { id, epoch } = proven.user;
    const change = { passwordHash: hashed.hash, endSessions: true };
    const { verified } = proven;
    let renewed = 'gone' as NewSignedInSession | SaveFailure;
    const user = await changes.apply(
      id,
      () => users.update(id, change, { epoch, verified }),
      async (changed) => {
        renewed = await sessions.renewToken(session, changed, epoch);
      },
    );
    // Somebody else changed it in the meantime.
    if (!user) return refusal('conflict');
    return typeof renewed === 'string' ? refusalOf(renewed) : { ok: true, ...renewed };
  };
}
