import type { Caller } from '../caller.ts';
import { type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { addressSubject } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { KeepData } from '../session/kept-data.ts';
import type { SessionData } from '../session/record.ts';
import type { NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Token } from '../session/token.ts';
import type { Identifier, Users, UserWithPassword } from './users.ts';

export interface LoginRequest {
  /** null: what was typed can be nobody's name. */
  identifier: Identifier | null;
  password: string;
  remember: boolean;
  by: Caller;
  /** The sessions that the request came with, which end when the new one stands. */
  previous: readonly Token[];
}

export interface LoginParts {
  users: Users;
  passwords: Passwords;
  sessions: Sessions;
  failures: Limits;
  keepData: KeepData;
  events: Events;
}

type LoginResult = Result<NewSignedInSession>;

export type Login = (request: LoginRequest) => Promise<LoginResult>;

/**
 * Signs in with a password. Every cause of a failure is `invalid_credentials`, after the same work
 * (ASVS 6.3.8).
 */
export function createLogin(parts: LoginParts): Login {
  const { users, passwords, sessions, failures, keepData, events } = parts;
  return async function login(request) {
    const { by, previous } = request;
    const address = addressSubject(by.ip);
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
    const { identifier, password, remember, by } = request;
    const found = identifier && (await users.withPassword(identifier));
    const checked = await passwords.verify(password, found?.passwordHash ?? null);
    if (!checked.ok) return checked;
    const userId = found?.user.id ?? null;
    if (!found?.passwordHash || !checked.matches || found.user.disabled) {
      events.record({ kind: 'refused', userId, actorId: null, by });
      return refusal('invalid_credentials');
    }
    if (checked.outdated) await refresh(found, password);
    const methods = ['password'];
    const signIn = { device: by, remember, methods, data };
    const started = await sessions.signIn(found.user, signIn);
    events.record({ kind: 'signed_in', userId, actorId: userId, by });
    return { ok: true, ...started };
  }

  /** Stores a hash of the current kind. Too busy for it now: the next login does it. */
  async function refresh({ user, passwordHash }: UserWithPassword, password: string) {
    const fresh = await passwords.hash(password);
    if (fresh.ok && passwordHash) await users.replaceHash(user.id, passwordHash, fresh.hash);
  }
}
