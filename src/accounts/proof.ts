import type { Caller } from '../caller.ts';
import { type Refusal, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { askersOf } from '../limits/address.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { User, Users, UserWithPassword } from '../users/users.ts';
import type { ProofTries } from './proof-tries.ts';

/** A row as it was when its password was verified. */
export interface Proven {
  ok: true;
  user: User;
  found: UserWithPassword;
  /** The hash that the password was verified against. */
  verified: string;
}

/**
 * Proves by password who is signed in. A wrong one is `invalid_credentials`, and leaves the session
 * as it is; `not_signed_in`: the session had been ended meanwhile.
 */
export type Prove = (
  session: SignedInSession,
  password: string,
  by: Caller,
) => Promise<Proven | Refusal>;

export interface ProofParts {
  users: Pick<Users, 'withPassword'>;
  passwords: Pick<Passwords, 'verify'>;
  /** Counts failures: a stolen session can't try passwords without end. */
  proofs: ProofTries;
  events: Pick<Events, 'record'>;
}

export function createProve({ users, passwords, proofs, events }: ProofParts): Prove {
  return (session, password, by) => proofs.attempt(session, () => attempt(session, password, by));

  async function attempt({ user, record }: SignedInSession, password: string, by: Caller) {
    const found = await users.withPassword({ id: user.id });
    // Another request of the session may have changed the password: this one is not wrong then.
    if (!found || found.user.epoch !== record.login.epoch) return refusal('not_signed_in');
    const checked = await passwords.verify(password, found.passwordHash, askersOf(by.ip, user.id));
    if (!checked.ok) return checked;
    if (!checked.matches) {
      events.record({ kind: 'refused', userId: user.id, actorId: user.id, by });
      return refusal('invalid_credentials', {
        reason: 'wrong_password',
      });
    }
    if (!found.passwordHash) return refusal('not_signed_in');
    return { ok: true, user: found.user, found, verified: found.passwordHash } as const;
  }
}
