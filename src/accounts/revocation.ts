import { type Result, refusal } from '../errors.ts';
import type { OwnedSessions } from '../session/owned-sessions.ts';
import type { LiveSession, SignedInSession } from '../session/reader.ts';
import type { Saving } from '../session/saving.ts';
import type { UserChanges } from './user-changes.ts';
import type { UpdateCondition, User, Users } from './users.ts';

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
  saving: Pick<Saving, 'saveForSure'>;
}

export function createRevocation(parts: RevocationParts): Revocation {
  const { users, changes, owned, saving } = parts;

  function endSessions(
    userId: string,
    condition: UpdateCondition = {},
    then?: (user: User) => Promise<void>,
  ) {
    const statement = () => users.update(userId, { endSessions: true }, condition);
    return changes.apply(userId, statement, then);
  }

  return {
    async revokeOthers(session) {
      const { login } = session.record;
      const others = (await owned.list(session.user)).filter(({ id }) => id !== session.token.id);
      let moved = null as LiveSession | null;
      const user = await endSessions(session.user.id, { epoch: login.epoch }, async ({ epoch }) => {
        const saved = await saving.saveForSure(session, (record) =>
          record.login?.epoch === login.epoch || record.login?.epoch === epoch
            ? { ...record, login: { ...record.login, epoch } }
            : null,
        );
        moved = saved.kind === 'saved' ? saved.session : null;
      });
      if (!user || !moved) return refusal('not_signed_in');
      await owned.forget(user.id, others);
      return { ok: true, revoked: others.length, session: moved };
    },
    async revokeOwn({ user, record }) {
      const all = await owned.list(user);
      const ended = await endSessions(user.id, { epoch: record.login.epoch });
      if (!ended) return refusal('not_signed_in');
      await owned.forget(user.id, all);
      return { ok: true, revoked: all.length };
    },
    async revokeAll(userId) {
      const user = await users.byId(userId);
      const all = user ? await owned.list(user) : [];
      if (!(await endSessions(userId))) return refusal('not_found');
      await owned.forget(userId, all);
      return { ok: true, revoked: all.length };
    },
  };
}
