import { uuidv7 } from 'uuidv7';
import { type Refusal, type Result, refusal } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { checkPassword, type PasswordPolicy } from '../passwords/policy.ts';
import type { KeepData } from '../session/kept-data.ts';
import type { Device, NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Token } from '../session/token.ts';
import type { Clock } from '../time.ts';
import type { User, Users } from './users.ts';

export interface RegisterRequest {
  email: string | null;
  username: string | null;
  name: string | null;
  password: string;
  device: Device;
  /** The sessions that the request came with, which end when the new one stands. */
  previous: readonly Token[];
}

export interface RegisterParts {
  users: Users;
  passwords: Passwords;
  policy: PasswordPolicy;
  sessions: Sessions;
  keepData: KeepData;
  clock: Clock;
  log: Log;
}

export type Register = (request: RegisterRequest) => Promise<Result<NewSignedInSession>>;

/**
 * Makes an account and signs it in. The row is written last: when a step before it fails, what is
 * left is a session of nobody, whose token nobody has seen, and registering again works.
 */
export function createRegister(parts: RegisterParts): Register {
  const { users, passwords, policy, sessions, keepData, clock, log } = parts;
  return async function register({ email, username, name, password, device, previous }) {
    const weak = checkPassword(password, policy);
    if (weak) return weak;
    const names = { email, username };
    const taken = await takenNames(names);
    if (taken) return taken;
    const hashed = await passwords.hash(password);
    if (!hashed.ok) return hashed;

    const createdAt = clock.now();
    const user: User = {
      id: uuidv7(),
      email,
      username,
      name,
      roles: ['user'],
      emailVerified: false,
      disabled: false,
      epoch: 0,
      version: 0,
      createdAt,
    };
    const data = await keepData(previous);
    const started = await sessions.signIn(user, {
      device,
      remember: false,
      methods: ['password'],
      data,
    });
    const inserted = await users
      .insert({ ...names, id: user.id, name, createdAt, passwordHash: hashed.hash })
      .catch((error) => undo(started, error));
    if (!inserted) {
      await sessions.end(started.session.token);
      // Somebody else was faster by a moment.
      return (await takenNames(names)) ?? refusal('conflict');
    }
    for (const token of previous) await endQuietly(token);
    return { ok: true, ...started };
  };

  async function takenNames(names: Pick<User, 'email' | 'username'>): Promise<Refusal | null> {
    const which = await users.taken(names);
    return which && refusal(which === 'email' ? 'email_taken' : 'username_taken');
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
