import { type Result, refusal } from '../errors.ts';
import type { OwnedSessions } from '../session/owned-sessions.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { Prove } from './proof.ts';
import type { UserChanges } from './user-changes.ts';
import type { Users } from './users.ts';

export interface DeleteAccountParts {
  users: Users;
  changes: UserChanges;
  prove: Prove;
  owned: OwnedSessions;
}

export type DeleteAccount = (
  session: SignedInSession,
  password: string,
) => Promise<Result<Record<never, never>>>;

/**
 * Deletes the account of somebody who knows its password, and all its sessions (ASVS 7.4.2).
 * `last_admin`: nobody would be left who can administer.
 */
export function createDeleteAccount(parts: DeleteAccountParts): DeleteAccount {
  const { users, changes, prove, owned } = parts;
  return async function deleteAccount(session, password) {
    const proven = await prove(session, password);
    if (!proven.ok) return proven;
    const { user, verified } = proven;
    const sessions = await owned.list(user);
    const condition = { epoch: user.epoch, verified, notLastAdmin: true };
    const removed = await changes.apply(user.id, () => users.remove(user.id, condition));
    if (!removed) {
      const now = await users.byId(user.id);
      const changedMeanwhile = now?.epoch !== user.epoch || now.version !== user.version;
      return refusal(changedMeanwhile ? 'conflict' : 'last_admin');
    }
    // Without a row none of them is signed in any more.
    await owned.forget(user.id, sessions);
    return { ok: true };
  };
}
