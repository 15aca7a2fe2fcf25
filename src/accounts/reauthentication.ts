import type { Caller } from '../caller.ts';
import { type Refusal, type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { SaveFailure } from '../session/saving.ts';
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
    const proven = await prove(session, password);
    if (!proven.ok) return proven;
    const renewed = await sessions.renewToken(session, proven.user);
    if (typeof renewed === 'string') return refusalOf(renewed);
    const { id } = proven.user;
    events.record({ kind: 'reauthenticated', userId: id, actorId: id, by });
    return { ok: true, ...renewed };
  };
}

/** What a renewal that failed means to whoever asked for it. */
export function refusalOf(failure: SaveFailure): Refusal {
  return refusal(failure === 'conflict' ? 'conflict' : 'not_signed_in');
}
