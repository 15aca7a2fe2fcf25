import type { Caller } from '../caller.ts';
import type { Result } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Prove } from './proof.ts';

export type Reauthenticate = (
  session: SignedInSession,
  password: string,
  by: Caller,
) => Promise<Result<NewSignedInSession>>;

/** Proves once more who is signed in, and gives the session a new token (ASVS 7.2.4). */
export function createReauthenticate(
  prove: Prove,
  sessions: Pick<Sessions, 'renewToken'>,
  events: Pick<Events, 'record'>,
): Reauthenticate {
  return async function reauthenticate(session, password, by) {
    const proven = await prove(session, password, by);
    if (!proven.ok) return proven;
    const renewed = await sessions.renewToken(session, proven.user);
    if (!renewed.ok) return renewed;
    const { id } = proven.user;
    events.record({ kind: 'reauthenticated', userId: id, actorId: id, by });
    return renewed;
  };
}
