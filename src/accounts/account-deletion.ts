import type { Caller } from '../caller.ts';
import { type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { Post } from '../mail/post.ts';
import type { OwnedSessions } from '../session/owned-sessions.ts';
import type { SignedInSession } from '../session/reader.ts';
import { dropLinks } from '../users/link-tokens.ts';
import type { Condition, User, Users } from '../users/users.ts';
import { forgetDevices } from './devices.ts';
import type { Prove } from './proof.ts';
import type { UserChanges } from './user-changes.ts';

export interface DeleteAccountParts {
  users: Users;
  changes: UserChanges;
  prove: Prove;
  owned: OwnedSessions;
  post: Post;
  events: Events;
}

export interface DeleteAccount {
  /** Deletes the account of somebody who knows its password (ASVS 7.4.2). */
  own(session: SignedInSession, password: string, by: Caller): Promise<Result<object>>;
  /** The account of this session is gone: another request of its own may have been faster. */
  isGone(session: SignedInSession): Promise<boolean>;
  /** Deletes anybody's account, as an admin. `not_found`: there is no such user. */
  any(userId: string, admin: User, by: Caller): Promise<Result<object>>;
}

/**
 * Deletes accounts, with all their sessions and links, and tells the owner. `last_admin`: nobody
 * would be left who can administer.
 */
export function createDeleteAccount(parts: DeleteAccountParts): DeleteAccount {
  const { users, changes, prove, owned, post, events } = parts;

  return {
    async own(session, password, by) {
      const proven = await prove(session, password, by);
      if (!proven.ok) return proven;
      const { user, verified } = proven;
      if (await remove(user, { epoch: user.epoch, verified }, { by, actorId: user.id })) {
        return { ok: true };
      }
      const now = await users.byId(user.id);
      const changedMeanwhile = now?.epoch !== user.epoch || now.version !== user.version;
      return refusal(changedMeanwhile ? 'conflict' : 'last_admin');
    },
    isGone: async ({ user }) => (await users.byId(user.id)) === null,
    async any(userId, admin, by) {
      const user = await users.byId(userId);
      if (!user) return refusal('not_found');
      if (await remove(user, {}, { by, actorId: admin.id })) return { ok: true };
      return refusal((await users.byId(userId)) ? 'last_admin' : 'not_found');
    },
  };

  async function remove(
    user: User,
    condition: Condition,
    { by, actorId }: { by: Caller; actorId: string },
  ): Promise<boolean> {
    const companions = [
      events.companion('deleted', by, actorId),
      ...post.with({ purpose: 'account_deleted', language: by.language }),
      dropLinks(),
      forgetDevices(),
    ];
    const removed = await changes.apply(
      user.id,
      () => users.remove(user.id, { ...condition, notLastAdmin: true }, companions),
      () => owned.all(user.id),
    );
    if (removed) post.kick();
    return removed !== null;
  }
}
