import { type Refusal, type Result, refusal } from '../errors.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { SaveFailure } from '../session/saving.ts';
import type { NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Prove } from './proof.ts';

export type Reauthenticate = (
  session: SignedInSession,
  password: string,
) => Promise<Result<NewSignedInSession>>;

/** Proves once more who is signed in, and gives the session a new token (ASVS 7.2.4). */
export function createReauthenticate(
  prove: Prove,
  sessions: Pick<Sessions, 'renewToken'>,
): Reauthenticate {
  return async function reauthenticate(session, password) {
    const proven = await prove(session, password);
    if (!proven.ok) return proven;
    const renewed = await sessions.renewToken(session, proven.user);
    return typeof renewed === 'string' ? refusalOf(renewed) : { ok: true, ...renewed };
  };
}

/** What a renewal that failed means to whoever asked for it. */
export function refusalOf(failure: SaveFailure): Refusal {
  return refusal(failure === 'conflict' ? 'conflict' : 'not_signed_in');
}
