import { type Result, refusal } from '../errors.ts';
import type { Limits } from '../limits/limits.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Users } from './users.ts';

export interface ReauthenticateParts {
  users: Users;
  passwords: Passwords;
  sessions: Sessions;
  /** Counts failures by session: whoever stole one can't try passwords without end. */
  failures: Limits;
}

export type Reauthenticate = (
  session: SignedInSession,
  password: string,
) => Promise<Result<NewSignedInSession>>;

/**
 * Proves once more who is signed in, and gives the session a new token (ASVS 7.2.4). A wrong
 * password is `invalid_credentials`, and leaves the session as it is.
 */
export function createReauthenticate(parts: ReauthenticateParts): Reauthenticate {
  const { users, passwords, sessions, failures } = parts;
  return async function reauthenticate(session, password) {
    const limited = await failures.take(session.token.id);
    if (limited) return limited;
    const found = await users.withPassword({ id: session.user.id });
    const checked = await passwords.verify(password, found?.passwordHash ?? null);
    if (!checked.ok) {
      // Turned away before it was tried.
      await failures.giveBack(session.token.id);
      return checked;
    }
    if (!found || !checked.matches) return refusal('invalid_credentials');
    const renewed = await sessions.renewToken(session, found.user);
    await failures.giveBack(session.token.id);
    if (renewed === 'conflict') return refusal('conflict');
    return typeof renewed === 'string' ? refusal('not_signed_in') : { ok: true, ...renewed };
  };
}
