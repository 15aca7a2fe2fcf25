import type { Caller } from '../caller.ts';
import { type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { type OwnedSessions, withCurrent } from '../session/owned-sessions.ts';
import type { LiveSession, SignedInSession } from '../session/reader.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Companion } from '../users/companion.ts';
import type { Condition, User, Users } from '../users/users.ts';
import { forgetDevices } from './devices.ts';
import type { UserChanges } from './user-changes.ts';

export type Revoked = Result<{ revoked: number }>;

/**
 * Ends sessions. Many at once end by the user's epoch, so that a login in flight which checked the
 * password before is ended as well (ASVS 7.4.3, 7.4.5), and those are that no index knows of. Counts
 * say how many of them were known.
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
  /** Ends all sessions of the user who asks for it, this one included, and forgets all devices. */
  revokeOwn(session: SignedInSession, by: Caller): Promise<Revoked>;
  /**
   * Ends all sessions of a user, as an admin; without an id, as whoever runs the command line.
   * `not_found`: there is no such user.
   */
  revokeAll(userId: string, admin: { id: string | null }, by: Caller): Promise<Revoked>;
}

export interface RevocationParts {
  users: Users;
  changes: UserChanges;
  owned: OwnedSessions;
  sessions: Pick<Sessions, 'saveForSure'>;
  events: Events;
}

interface Ending {
  userId: string;
  actorId: string | null;
  by: Caller;
  condition?: Condition;
  /** A session that goes on, in the user's new epoch. */
  except?: SignedInSession;
  /** A session that ends with the others, known of also when the store has evicted their index. */
  current?: SignedInSession;
  /** What else goes with it. */
  also?: Companion[];
}

export function createRevocation(parts: RevocationParts): Revocation {
  const { users, changes, owned, sessions, events } = parts;

  /**
   * How many sessions ended, and what became of the one that goes on. null: the condition did not
   * hold.
   */
  async function endSessions(ending: Ending) {
    const { userId, actorId, by, condition, except, current, also = [] } = ending;
    const revoked = events.companion('revoked', by, actorId);
    return changes.apply(
      userId,
      async (found) => {
        const { epoch } = condition ?? {};
        const ends = found.some(
          ({ record }) => (epoch ?? record.login.epoch) === record.login.epoch,
        );
        // Where nothing ends there is nothing to tell, or somebody could flush the other events.
        const told = [...(ends ? [revoked] : []), ...also];
        const user = await users.update(userId, { endSessions: true }, condition, told);
        if (!user) return null;
        // What an earlier change ended has been over since.
        const live = found.filter(({ record }) => record.login.epoch === user.epoch - 1);
        return { revoked: live.length, moved: except ? await move(except, user) : null };
      },
      async () => {
        const known = await owned.all(userId);
        const all = current ? withCurrent(known, current) : known;
        return all.filter(({ id }) => id !== except?.token.id);
      },
    );
  }

  /** Takes a session along into the user's new epoch. null: it had ended. */
  async function move(session: SignedInSession, { epoch }: User): Promise<LiveSession | null> {
    const before = session.record.login.epoch;
    const saved = await sessions.saveForSure(session, (record) => {
      if (record.login?.epoch !== before && record.login?.epoch !== epoch) return null;
      // The token that was replaced lately is one of the others: it ends with them.
      const { replaced: _, ...login } = record.login;
      return { ...record, login: { ...login, epoch } };
    });
    return saved.kind === 'saved' ? saved.session : null;
  }

  return {
    async revokeOne({ user, token }, id, by) {
      if (!(await owned.revoke(user.id, id))) return refusal('not_found');
      const kind = id === token.id ? 'signed_out' : 'revoked';
      events.record({ kind, userId: user.id, actorId: user.id, by });
      return { ok: true };
    },
    async revokeOthers(session, by) {
      const { id } = session.user;
      const condition = { epoch: session.record.login.epoch };
      const ended = await endSessions({ userId: id, actorId: id, by, condition, except: session });
      if (!ended?.moved) return refusal('not_signed_in');
      return { ok: true, revoked: ended.revoked, session: ended.moved };
    },
    async revokeOwn(session, by) {
      const { id } = session.user;
      const condition = { epoch: session.record.login.epoch };
      const own = { userId: id, actorId: id, by, condition, current: session };
      const ended = await endSessions({ ...own, also: [forgetDevices()] });
      return ended ? { ok: true, revoked: ended.revoked } : refusal('not_signed_in');
    },
    async revokeAll(userId, admin, by) {
      const ended = await endSessions({ userId, actorId: admin.id, by });
      return ended ? { ok: true, revoked: ended.revoked } : refusal('not_found');
    },
  };
}
