import { uuidv7 } from 'uuidv7';
import type { Caller } from '../caller.ts';
import { type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { askersOf, networksOf } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { Log } from '../log.ts';
import type { Post } from '../mail/post.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { KeepData } from '../session/kept-data.ts';
import type { NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Token } from '../session/token.ts';
import type { Clock } from '../time.ts';
import type { User, Users } from '../users/users.ts';
import type { DeviceCookies, Devices } from './devices.ts';
import type { RegistrationCheck } from './registration-check.ts';

export interface RegisterRequest {
  email: string | null;
  username: string | null;
  name: string | null;
  password: string;
  by: Caller;
  /** The sessions that the request came with, which end when the new one stands. */
  previous: readonly Token[];
  device: DeviceCookies;
}

export interface RegisterParts {
  users: Users;
  passwords: Passwords;
  check: RegistrationCheck;
  sessions: Sessions;
  keepData: KeepData;
  devices: Pick<Devices, 'startAnew'>;
  limit: Limits;
  post: Post;
  events: Events;
  clock: Clock;
  log: Log;
}

export interface Registered extends NewSignedInSession {
  /** The cookie that names the device from now on. */
  device: string | null;
}

export type Register = (request: RegisterRequest) => Promise<Result<Registered>>;

/**
 * Makes an account and signs it in. The row is written last: when a step before it fails, what is
 * left is a session of nobody, whose token nobody has seen, and registering again works.
 */
export function createRegister(parts: RegisterParts): Register {
  const { users, passwords, check, sessions, keepData, devices, limit } = parts;
  const { post, events, clock, log } = parts;
  return async function register(request) {
    return limit.attempt(networksOf(request.by.ip), () => make(request));
  };

  async function make(request: RegisterRequest): Promise<Result<Registered>> {
    const { email, username, name, password, by, previous } = request;
    const names = { email, username };
    const wrong = await check.refusalOf({ ...names, name, password });
    if (wrong) return wrong;
    const hashed = await passwords.hash(password, askersOf(by.ip, null));
    if (!hashed.ok) return hashed;

    const user: User = {
      ...{ id: uuidv7(), email, username, name, roles: ['user'], emailVerified: false },
      ...{ disabled: false, epoch: 0, version: 0, createdAt: clock.now() },
    };
    const started = await sessions.signIn(user, {
      device: by,
      remember: false,
      methods: ['password'],
      data: await keepData(previous),
    });
    const { id, createdAt } = user;
    const row = { ...names, id, name, createdAt, passwordHash: hashed.hash };
    const device = devices.startAnew(id, request.device, by);
    const companions = [
      events.companion('registered', by, id),
      ...device.companions,
      ...post.with({ purpose: 'verification', language: by.language }),
    ];
    const inserted = await users.insert(row, companions).catch((error) => undo(started, error));
    if (!inserted) {
      await sessions.end(started.session.token);
      // Somebody else was faster by a moment.
      return (await check.refusalOf(names)) ?? refusal('conflict');
    }
    post.kick();
    for (const token of previous) await endQuietly(token);
    return { ok: true, ...started, device: device.cookie };
  }

  /** The row may be there or not, so the session goes; then the fault goes on its way. */
  async function undo({ session }: NewSignedInSession, fault: unknown): Promise<never> {
    await endQuietly(session.token);
    throw fault;
  }

  /** The account stands, or does not: that a session is left over changes nothing about it. */
  async function endQuietly(token: Token): Promise<void> {
    try {
      await sessions.end(token);
    } catch (error) {
      log.warn('a session was left to expire', { error });
    }
  }
}
