import { type Result, refusal } from '../errors.ts';
import type { OwnedSessions } from '../session/owned-sessions.ts';
import type { LiveSession, SignedInSession } from '../session/reader.ts';
import type { Saving } from '../session/saving.ts';
import type { UserChanges } from './user-changes.ts';
import type { UpdateCondition, Users } from './users.ts';

export type Revoked = Result<{ revoked: number }>;

/**
 * Ends many sessions at once, by the user's epoch, so that a login in flight which checked the
 * password before is ended as well (ASVS 7.4.3, 7.4.5).
 */
export interface Revocation {
  /**
   * Ends all sessions of the user but this one, and answers this one as it is now. `not_signed_in`:
   * it had ended meanwhile.
   */
  revokeOthers(
    session: SignedInSession,
  ): Promise<Result<{ revoked: number; session: LiveSession }>>;
  /** Ends all sessions of the user who asks for it, this one included. */
  revokeOwn(session: SignedInSession): Promise<Revoked>;
  /** Ends all sessions of a user. `not_found`: there is no such user. */
  revokeAll(userId: string): Promise<Revoked>;
}

export interface RevocationParts {
  users: Users;
  changes: UserChanges;
  owned: OwnedSessions;
  saving: Pick<Saving, 'save'>;
}

export function createRevocation({ users, changes, owned, saving }: RevocationParts): Revocation {
  const endSessions = (userId: string, condition: UpdateCondition = {}) =>
    changes.apply(userId, () => users.update(userId, { endSessions: true }, condition));

  return {
    async revokeOthers(session) {
      const { login } = session.record;
      const user = await endSessions(session.user.id, { epoch: login.epoch });
      if (!user) return refusal('not_signed_in');
      const moved = await saving.save(session, (record) =>
        record.login?.epoch === login.epoch
          ? { ...record, login: { ...record.login, epoch: user.epoch } }
          : null,
      );
      if (moved.kind !== 'saved') return refusal('not_signed_in');
      const revoked = await owned.sweep(user, session.token.id);
      return { ok: true, revoked, session: moved.session };
    },
    async revokeOwn({ user: { id }, record }) {
      const user = await endSessions(id, { epoch: record.login.epoch });
      if (!user) return refusal('not_signed_in');
      return { ok: true, revoked: await owned.sweep(user) };
    },
    async revokeAll(userId) {
      const user = await endSessions(userId);
      if (!user) return refusal('not_found');
      return { ok: true, revoked: await owned.sweep(user) };
    },
  };
}
