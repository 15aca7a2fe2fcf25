import type { Caller } from '../caller.ts';
import { type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { OwnedSessions } from '../session/owned-sessions.ts';
import type { LiveSession, SignedInSession } from '../session/reader.ts';
import type { Saving } from '../session/saving.ts';
import type { UserChanges } from './user-changes.ts';
import type { UpdateCondition, User, Users } from './users.ts';

export type Revoked = Result<{ revoked: number }>;

/**
 * Ends sessions. Many at once end by the user's epoch, so that a login in flight which checked the
 * password before is ended as well (ASVS 7.4.3, 7.4.5).
 */
export interface Revocation {
  /** Ends one session of the user who asks for it. `not_found`: the user has no such session. */
  revokeOne(session: SignedInSession, id: string, by: Caller): Promise<Result<object>>;
  /**
   * Ends all sessions of the user but this one, and answers this one as it is now. `not_signed_in`:
   * it had ended meanwhile.
   */
  revokeOthers(
    session: SignedInSession,
    by: Caller,
  ): Promise<Result<{ revoked: number; session: LiveSession }>>;
  /** Ends all sessions of the user who asks for it, this one included. */
  revokeOwn(session: SignedInSession, by: Caller): Promise<Revoked>;
  /** Ends all sessions of a user, as an admin. `not_found`: there is no such user. */
  revokeAll(userId: string, admin: User, by: Caller): Promise<Revoked>;
}

export interface RevocationParts {
  users: Users;
  changes: UserChanges;
  owned: OwnedSessions;
  saving: Pick<Saving, 'saveForSure'>;
  events: Events;
}

interface Ending {
  actorId: string;
  by: Caller;
  condition?: UpdateCondition;
  after?: (user: User) => Promise<void>;
}

export function createRevocation(parts: RevocationParts): Revocation {
  const { users, changes, owned, saving, events } = parts;

  function endSessions(userId: string, { actorId, by, condition, after }: Ending) {
    const revoked = events.companion('revoked', by, actorId);
    const statement = () => users.update(userId, { endSessions: true }, condition, [revoked]);
    return changes.apply(userId, statement, after);
  }

  return {
    async revokeOne({ user, token }, id, by) {
      if (!(await owned.revoke(user.id, id))) return refusal('not_found');
      const kind = id === token.id ? 'signed_out' : 'revoked';
      events.record({ kind, userId: user.id, actorId: user.id, by });
      return { ok: true };
    },
    async revokeOthers(session, by) {
      const { login } = session.record;
      const { id: userId } = session.user;
      const others = (await owned.list(session.user)).filter(({ id }) => id !== session.token.id);
      let moved = null as LiveSession | null;
      async function move({ epoch }: User) {
        const saved = await saving.saveForSure(session, (record) =>
          record.login?.epoch === login.epoch || record.login?.epoch === epoch
            ? { ...record, login: { ...record.login, epoch } }
            : null,
        );
        moved = saved.kind === 'saved' ? saved.session : null;
      }
      const condition = { epoch: login.epoch };
      const user = await endSessions(userId, { actorId: userId, by, condition, after: move });
      if (!user || !moved) return refusal('not_signed_in');
      await owned.forget(user.id, others);
      return { ok: true, revoked: others.length, session: moved };
    },
    async revokeOwn({ user, record }, by) {
      const all = await owned.list(user);
      const condition = { epoch: record.login.epoch };
      const ended = await endSessions(user.id, { actorId: user.id, by, condition });
      if (!ended) return refusal('not_signed_in');
      await owned.forget(user.id, all);
      return { ok: true, revoked: all.length };
    },
    async revokeAll(userId, admin, by) {
      const user = await users.byId(userId);
      const all = user ? await owned.list(user) : [];
      if (!(await endSessions(userId, { actorId: admin.id, by }))) return refusal('not_found');
      await owned.forget(userId, all);
      return { ok: true, revoked: all.length };
    },
  };
}
