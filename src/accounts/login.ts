import type { Caller } from '../caller.ts';
import { type Refusal, type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { askersOf, networksOf } from '../limits/address.ts';
import { type Limits, type Try, tryOf } from '../limits/limits.ts';
import type { Askers } from '../passwords/gate.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { KeepData } from '../session/kept-data.ts';
import type { SessionData } from '../session/record.ts';
import type { NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Token } from '../session/token.ts';
import type { Identifier, Users, UserWithPassword } from '../users/users.ts';
import type { AccountTries, AccountTry } from './account-tries.ts';
import type { Devices } from './devices.ts';

export interface LoginRequest {
  /** null: what was typed can be nobody's name. */
  identifier: Identifier | null;
  password: string;
  remember: boolean;
  by: Caller;
  /** The values of the device cookie, as they were sent. */
  device: readonly string[];
  /** Whether the device is known after this; a program that asks for a token is none. */
  rememberDevice: boolean;
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
  devices: Devices;
  keepData: KeepData;
  events: Events;
}

export interface LoggedIn extends NewSignedInSession {
  /** The cookie that names the device from now on, or null for a program. */
  device: string | null;
}

/** A try that was counted and may be made. */
interface Admitted {
  ok: true;
  found: UserWithPassword | null;
  /** All counts of the try. */
  counted: Try;
  /** Its count by address; null for a known device. */
  byAddress: Try | null;
  /** What to delete when the password is right. */
  keys: string[];
}

/** Has no account, and no devices. */
const NOBODY = { user: { id: 'nobody' }, devices: [] };

export type Login = (request: LoginRequest) => Promise<Result<LoggedIn>>;

/**
 * Signs in with a password. Every cause of a failure is `invalid_credentials`, after the same work,
 * and `rate_limited` after too many, whether there is such an account or not (ASVS 6.3.8).
 */
export function createLogin(parts: LoginParts): Login {
  const { users, passwords, sessions, failures, tries, devices, keepData, events } = parts;

  return async function login(request) {
    const { previous } = request;
    const [admitted, data] = await Promise.all([admit(request), keepData(previous)]);
    if (!admitted.ok) return admitted;
    const result = await attempt(request, admitted, data).catch(admitted.counted.forgive);
    if (result.ok) {
      await all(previous.map((token) => sessions.end(token)));
      return { ok: true, ...result.started, device: result.device };
    }
    // Nobody had time to look at it.
    if (result.code === 'overloaded') await admitted.counted.giveBack();
    return result;
  };

  /**
   * Counts a try. A device that the user has signed in on is counted by itself: neither neighbours
   * behind its address nor strangers at its account keep it out. To find that out takes the row, so
   * the row is read before the address is asked only if there is something like a device cookie.
   */
  async function admit({ identifier, device, by }: LoginRequest): Promise<Admitted | Refusal> {
    const mayBeKnown = identifier !== null && devices.mayBeKnown(device);
    const early = mayBeKnown ? await users.withPassword(identifier) : undefined;
    // Nobody's cookies are checked alike, so that time tells no accounts apart.
    const known = mayBeKnown ? devices.knownOf(device, early ?? NOBODY) : null;
    if (early && known) return admitToAccount(tries.ofDevice(early.user, known.id), early, null);
    const byAddress = await failures.take(networksOf(by.ip));
    if (!byAddress.ok) return byAddress;
    return admitStranger(identifier, early, byAddress).catch(byAddress.forgive);
  }

  /** `early`: the row, if it was read already. */
  async function admitStranger(
    identifier: Identifier | null,
    early: UserWithPassword | null | undefined,
    byAddress: Try,
  ): Promise<Admitted | Refusal> {
    if (!identifier) return { ok: true, found: null, counted: byAddress, byAddress, keys: [] };
    const found = early === undefined ? await users.withPassword(identifier) : early;
    return admitToAccount(tries.ofStranger(identifier, found?.user ?? null), found, byAddress);
  }

  async function admitToAccount(
    tried: AccountTry,
    found: UserWithPassword | null,
    byAddress: Try | null,
  ): Promise<Admitted | Refusal> {
    const byAccount = await tried.take();
    if (!byAccount.ok) return byAccount;
    const counted = tryOf(() => all([byAddress?.giveBack(), byAccount.giveBack()]));
    return { ok: true, found, counted, byAddress, keys: tried.keys };
  }

  async function attempt(
    { password, remember, by, device: cookies, rememberDevice }: LoginRequest,
    { found, byAddress, keys }: Admitted,
    data: SessionData,
  ): Promise<Result<{ started: NewSignedInSession; device: string | null }>> {
    const askers = askersOf(by.ip, found?.user.id ?? null);
    const checked = await passwords.verify(password, found?.passwordHash ?? null, askers);
    if (!checked.ok) return checked;
    const userId = found?.user.id ?? null;
    if (!found?.passwordHash || !checked.matches || found.user.disabled) {
      events.record({ kind: 'refused', userId, actorId: null, by });
      return refusal('invalid_credentials');
    }
    if (checked.outdated) await refresh(found, password, askers);
    const signIn = { device: by, remember, methods: ['password'], data, deleting: keys };
    const starting = sessions.signIn(found.user, signIn);
    const remembering = devices.remember(rememberDevice ? cookies : null, found, by);
    await all([starting, remembering, byAddress?.giveBack()]);
    const [started, device] = await Promise.all([starting, remembering]);
    events.record({ kind: 'signed_in', userId, actorId: userId, by });
    return { ok: true, started, device };
  }

  /** Stores a hash of the current kind. Too busy for it now: the next login does it. */
  async function refresh(
    { user, passwordHash }: UserWithPassword,
    password: string,
    askers: Askers,
  ) {
    const fresh = await passwords.hash(password, askers);
    if (fresh.ok && passwordHash) await users.replaceHash(user.id, passwordHash, fresh.hash);
  }
}

/** Waits for all of them, and throws the first fault there was. */
async function all(work: (Promise<unknown> | undefined)[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
