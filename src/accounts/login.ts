import { type Result, refusal } from '../errors.ts';
import type { Limits } from '../limits/limits.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { KeepData } from '../session/kept-data.ts';
import type { SessionData } from '../session/record.ts';
import type { Device, NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Token } from '../session/token.ts';
import type { Identifier, Users } from './users.ts';

export interface LoginRequest {
  /** null: what was typed can be nobody's name. */
  identifier: Identifier | null;
  password: string;
  remember: boolean;
  device: Device;
  /** What failed tries are counted under. */
  address: string;
  /** The sessions that the request came with, which end when the new one stands. */
  previous: readonly Token[];
}

export interface LoginParts {
  users: Users;
  passwords: Passwords;
  sessions: Sessions;
  failures: Limits;
  keepData: KeepData;
}

type LoginResult = Result<NewSignedInSession>;

export type Login = (request: LoginRequest) => Promise<LoginResult>;

/**
 * Signs in with a password. Every cause of a failure is `invalid_credentials`, after the same work
 * (ASVS 6.3.8).
 */
export function createLogin(parts: LoginParts): Login {
  const { users, passwords, sessions, failures, keepData } = parts;
  return async function login(request) {
    const { address, previous } = request;
    const [limited, data] = await Promise.all([failures.take(address), keepData(previous)]);
    if (limited) return limited;
    const result = await attempt(request, data).catch((fault) => failures.forgive(address, fault));
    if (!result.ok && result.code === 'invalid_credentials') return result;
    const ended = result.ok ? previous.map((token) => sessions.end(token)) : [];
    const outcomes = await Promise.allSettled([failures.giveBack(address), ...ended]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return result;
  };

  async function attempt(request: LoginRequest, data: SessionData): Promise<LoginResult> {
    const { identifier, password, remember, device } = request;
    const found = identifier && (await users.withPassword(identifier));
    const checked = await passwords.verify(password, found?.passwordHash ?? null);
    if (!checked.ok) return checked;
    if (!found?.passwordHash || !checked.matches || found.user.disabled) {
      return refusal('invalid_credentials');
    }
    const { user, passwordHash } = found;
    if (checked.outdated) {
      const fresh = await passwords.hash(password);
      // Too busy for it now: the next login does it.
      if (fresh.ok) await users.replaceHash(user.id, passwordHash, fresh.hash);
    }
    const methods = ['password'];
    return { ok: true, ...(await sessions.signIn(user, { device, remember, methods, data })) };
  }
}
