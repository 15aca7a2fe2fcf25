import type { Caller } from '../caller.ts';
import { type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { addressSubject } from '../limits/address.ts';
import { forgiving, type Limits } from '../limits/limits.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { KeepData } from '../session/kept-data.ts';
import type { SessionData } from '../session/record.ts';
import type { NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Token } from '../session/token.ts';
import type { Identifier, Users, UserWithPassword } from '../users/users.ts';
import type { AccountTries } from './account-tries.ts';
import type { KnownDevices } from './known-device.ts';

export interface LoginRequest {
  /** null: what was typed can be nobody's name. */
  identifier: Identifier | null;
  password: string;
  remember: boolean;
  by: Caller;
  /** The values of the device cookie, as they were sent. */
  device: readonly string[];
  /** The sessions that the request came with, which end when the new one stands. */
  previous: readonly Token[];
}

export interface LoginParts {
  users: Users;
  passwords: Passwords;
  sessions: Sessions;
  /** Failures by client address. */
  failures: Limits;
  /** Failures by account. */
  tries: AccountTries;
  devices: KnownDevices;
  keepData: KeepData;
  events: Events;
}

export interface LoggedIn extends NewSignedInSession {
  /** The cookie that names the device from now on. */
  device: string;
}

interface Attempt {
  found: UserWithPassword | null;
  data: SessionData;
  /** Forgets the failures before a success. */
  forget(): Promise<void>;
}

export type Login = (request: LoginRequest) => Promise<Result<LoggedIn>>;

/**
 * Signs in with a password. Every cause of a failure is `invalid_credentials`, after the same work,
 * and `rate_limited` after too many, whether there is such an account or not (ASVS 6.3.8).
 */
export function createLogin(parts: LoginParts): Login {
  const { users, passwords, sessions, failures, tries, devices, keepData, events } = parts;

  return async function login(request) {
    const { by, previous } = request;
    const address = addressSubject(by.ip);
    const [limited, data] = await Promise.all([failures.take(address), keepData(previous)]);
    if (limited) return limited;
    const result = await find(request, data).catch((fault) => failures.forgive(address, fault));
    if (result.ok) {
      await all(previous.map((token) => sessions.end(token)));
      const { started } = result;
      const device = devices.remember(request.device, started.session.user.id);
      return { ok: true, ...started, device };
    }
    if (result.code === 'overloaded') await failures.giveBack(address);
    return result;
  };

  async function find(request: LoginRequest, data: SessionData) {
    const { identifier, device } = request;
    const found = identifier && (await users.withPassword(identifier));
    const tried = identifier && tries.of(identifier, found?.user ?? null, device);
    const limited = await tried?.take();
    if (limited) return limited;
    const giveBack = async () => tried?.giveBack();
    const forget = () => failures.giveBack(addressSubject(request.by.ip), tried?.keys);
    const result = await attempt(request, { found, data, forget }).catch((fault) =>
      forgiving(fault, giveBack),
    );
    // Nobody had time to look at it.
    if (!result.ok && result.code === 'overloaded') await giveBack();
    return result;
  }

  async function attempt(
    { password, remember, by }: LoginRequest,
    { found, data, forget }: Attempt,
  ): Promise<Result<{ started: NewSignedInSession }>> {
    const checked = await passwords.verify(password, found?.passwordHash ?? null);
    if (!checked.ok) return checked;
    const userId = found?.user.id ?? null;
    if (!found?.passwordHash || !checked.matches || found.user.disabled) {
      events.record({ kind: 'refused', userId, actorId: null, by });
      return refusal('invalid_credentials');
    }
    if (checked.outdated) await refresh(found, password);
    const signIn = { device: by, remember, methods: ['password'], data };
    const starting = sessions.signIn(found.user, signIn);
    // At once: the password was right, whatever becomes of the session.
    await all([starting, forget()]);
    const started = await starting;
    events.record({ kind: 'signed_in', userId, actorId: userId, by });
    return { ok: true, started };
  }

  /** Stores a hash of the current kind. Too busy for it now: the next login does it. */
  async function refresh({ user, passwordHash }: UserWithPassword, password: string) {
    const fresh = await passwords.hash(password);
    if (fresh.ok && passwordHash) await users.replaceHash(user.id, passwordHash, fresh.hash);
  }
}

/** Waits for all of them, and throws the first fault there was. */
async function all(work: Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
