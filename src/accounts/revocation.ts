import type { Caller } from '../caller.ts';
import { type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { sessionKey } from '../session/keys.ts';
import type { OwnedSession, OwnedSessions } from '../session/owned-sessions.ts';
import type { LiveSession, SignedInSession } from '../session/reader.ts';
import type { Saving } from '../session/saving.ts';
import type { UpdateCondition, User, Users } from '../users/users.ts';
import type { UserChanges } from './user-changes.ts';

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
  userId: string;
  actorId: string;
  by: Caller;
  condition?: UpdateCondition;
  /** A session that goes on. */
  except?: string;
  after?: (user: User) => Promise<void>;
}

export function createRevocation(parts: RevocationParts): Revocation {
  const { users, changes, owned, saving, events } = parts;

  /** How many sessions ended. null: the condition did not hold. */
  async function endSessions(ending: Ending): Promise<number | null> {
    const { userId, actorId, by, condition, except, after } = ending;
    const revoked = events.companion('revoked', by, actorId);
    let live: OwnedSession[] = [];
    const user = await changes.apply(
      userId,
      () => users.update(userId, { endSessions: true }, condition, [revoked]),
      {
        async find() {
          live = (await owned.all(userId)).filter(({ id }) => id !== except);
          return live.map(({ id }) => sessionKey(userId, id));
        },
        ...(after ? { after } : {}),
      },
    );
    // What an earlier change ended has been over since.
    return user && live.filter(({ record }) => record.login.epoch === user.epoch - 1).length;
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
      let moved = null as LiveSession | null;
      async function move({ epoch }: User) {
        const saved = await saving.saveForSure(session, (record) =>
          record.login?.epoch === login.epoch || record.login?.epoch === epoch
            ? { ...record, login: { ...record.login, epoch } }
            : null,
        );
        moved = saved.kind === 'saved' ? saved.session : null;
      }
      const asked = { userId, actorId: userId, by, condition: { epoch: login.epoch } };
      const revoked = await endSessions({ ...asked, except: session.token.id, after: move });
      if (revoked === null || !moved) return refusal('not_signed_in');
      return { ok: true, revoked, session: moved };
    },
    async revokeOwn({ user, record }, by) {
      const condition = { epoch: record.login.epoch };
      const revoked = await endSessions({ userId: user.id, actorId: user.id, by, condition });
      return revoked === null ? refusal('not_signed_in') : { ok: true, revoked };
    },
    async revokeAll(userId, admin, by) {
      const revoked = await endSessions({ userId, actorId: admin.id, by });
      return revoked === null ? refusal('not_found') : { ok: true, revoked };
    },
  };
}
