import type { Caller } from '../caller.ts';
import type { Result } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { DeviceCookies, Devices } from './devices.ts';
import type { Prove } from './proof.ts';

export interface Renewed extends NewSignedInSession {
  /** The cookie that names the device from now on, or null for a program. */
  device: string | null;
}

export type Reauthenticate = (
  session: SignedInSession,
  password: string,
  by: Caller,
  device: DeviceCookies,
) => Promise<Result<Renewed>>;

export interface ReauthenticateParts {
  prove: Prove;
  sessions: Pick<Sessions, 'renewToken'>;
  devices: Pick<Devices, 'remember'>;
  events: Pick<Events, 'record'>;
}

/** Proves once more who is signed in, and gives the session a new token (ASVS 7.2.4). */
export function createReauthenticate(parts: ReauthenticateParts): Reauthenticate {
  const { prove, sessions, devices, events } = parts;
  return async function reauthenticate(session, password, by, cookies) {
    const proven = await prove(session, password, by);
    if (!proven.ok) return proven;
    const [renewed, device] = await Promise.all([
      sessions.renewToken(session, proven.user),
      devices.remember(cookies, proven.found, by),
    ]);
    if (!renewed.ok) return renewed;
    const { id } = proven.user;
    events.record({ kind: 'reauthenticated', userId: id, actorId: id, by });
    return { ...renewed, device };
  };
}
