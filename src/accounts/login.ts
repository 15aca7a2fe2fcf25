import { type Refusal, type Result, refusal } from '../errors.ts';
import type { Limits } from '../limits/limits.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { KeepData } from '../session/kept-data.ts';
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
  /** The session that the request came with, which ends when the new one stands. */
  previous: Token | null;
}

export interface LoginParts {
  users: Users;
  passwords: Passwords;
  sessions: Sessions;
  failures: Limits;
  keepData: KeepData;
}

export type Login = (request: LoginRequest) => Promise<Result<NewSignedInSession>>;

/**
 * Signs in with a password. Every cause of a failure is `invalid_credentials`, after the same work
 * (ASVS 6.3.8).
 */
export function createLogin(parts: LoginParts): Login {
  const { users, passwords, sessions, failures, keepData } = parts;
  return async function login(request) {
    const { identifier, password, remember, device, address, previous } = request;
    const limited = await failures.take(address);
    if (limited) return limited;

    const found = identifier && (await users.withPassword(identifier));
    const checked = await passwords.verify(password, found?.passwordHash ?? null);
    if (!checked.ok) return giveBack(checked);
    if (!found?.passwordHash || !checked.matches || found.user.disabled) {
      return refusal('invalid_credentials');
    }
    const { user, passwordHash } = found;
    if (checked.outdated) {
      const fresh = await passwords.hash(password);
      // Too busy for it now: the next login does it.
      if (fresh.ok) await users.replaceHash(user.id, passwordHash, fresh.hash);
    }
    const data = await keepData(previous);
    const started = await sessions.signIn(user, { device, remember, methods: ['password'], data });
    await Promise.all([failures.giveBack(address), previous && sessions.end(previous)]);
    return { ok: true, ...started };

    /** Turned away before it was tried. */
    async function giveBack(overloaded: Refusal): Promise<Refusal> {
      await failures.giveBack(address);
      return overloaded;
    }
  };
}
