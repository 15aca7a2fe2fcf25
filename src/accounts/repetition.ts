import { createHash } from 'node:crypto';
import type { Caller } from '../caller.ts';
import { type Result, refusal } from '../errors.ts';
import { askersOf } from '../limits/address.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { RedisClient } from '../redis/client.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Token } from '../session/token.ts';
import { type Clock, type Milliseconds, minutes } from '../time.ts';
import { digestOf } from '../users/link-tokens.ts';
import type { UsedLink, Users } from '../users/users.ts';
import type { LoggedIn, Login, LoginRequest } from './login.ts';
import type { ProofTries } from './proof-tries.ts';
import type { RegisterRequest } from './registration.ts';

/** The same form of the same browser, sent again within this time, gets the first one's outcome. */
export const REPETITION: Milliseconds = minutes(1);

/** What signs somebody in again: a login whose user is known. */
export type SignInAgain = Pick<LoginRequest, 'password' | 'by' | 'device'>;

/**
 * Recognises a form that is sent twice, as by a double click. No outcome is stored: the second one
 * proves by the password that it carries that it may have what the first one got, and is counted as
 * a login. So nobody learns anything here that a login would not tell.
 */
export interface Repetitions {
  /**
   * Signs in whoever has just registered with these names and this password. null: there is no such
   * account, it is older than a minute, or the password is another one.
   */
  registered(request: RegisterRequest & SignInAgain): Promise<Result<LoggedIn> | null>;
  /** This session has just changed its password to this one. A wrong one counts as a failed proof. */
  changed(session: SignedInSession, newPassword: string, by: Caller): Promise<boolean>;
  /**
   * Signs in a browser whose token was replaced within the last minute, or is being replaced now, by
   * a request whose answer it may never have got. null: it was not, or the password is wrong.
   */
  renewed(
    userId: string,
    tokens: readonly Token[],
    request: SignInAgain,
  ): Promise<Result<LoggedIn> | null>;
  /** Signs in a user whose session was alive when the request began. null: a wrong password. */
  signIn(userId: string, request: SignInAgain): Promise<Result<LoggedIn> | null>;
  /**
   * Does work that has no password to prove anything, such as sending mail, once for each form.
   * `key`: the form's own random value; null when there is none, and then it is done each time.
   */
  once(
    key: string | null,
    subject: string,
    work: () => Promise<Result<object>>,
  ): Promise<Result<object>>;
}

export interface RepetitionParts {
  users: Pick<Users, 'withPassword'>;
  passwords: Pick<Passwords, 'verify'>;
  login: Login;
  sessions: Pick<Sessions, 'renewedAt'>;
  proofs: ProofTries;
  redis: Pick<RedisClient, 'add' | 'delete'>;
  clock: Clock;
}

export function createRepetitions(parts: RepetitionParts): Repetitions {
  const { users, passwords, login, sessions, proofs, redis, clock } = parts;
  const isRecent = (time: Milliseconds) => clock.now() - time <= REPETITION;

  /** The session of the first request stays: its token may be the one that the browser keeps. */
  async function signIn(id: string, request: SignInAgain, previous: readonly Token[] = []) {
    const { password, by, device } = request;
    const identifier = { id };
    const sent = { identifier, password, by, device, previous };
    const result = await login({ ...sent, remember: false, rememberDevice: true });
    return result.ok || result.code === 'overloaded' ? result : null;
  }

  return {
    signIn: (userId, request) => signIn(userId, request),
    async registered({ email, username, name, previous, ...request }) {
      const found = await users.withPassword(
        email === null ? { username: `${username}` } : { email },
      );
      if (!found || !isRecent(found.user.createdAt)) return null;
      const { user } = found;
      const same = user.email === email && user.username === username && user.name === name;
      return same ? signIn(user.id, request, previous) : null;
    },
    async changed(session, newPassword, by) {
      const { user, record } = session;
      const { authenticatedAt, epoch } = record.login;
      // A session that is as old as its login has changed nothing.
      if (authenticatedAt === record.createdAt || !isRecent(authenticatedAt)) return false;
      const found = await users.withPassword({ id: user.id });
      const hash = found?.passwordHash;
      if (!hash || found.user.epoch !== epoch) return false;
      const proven = await proofs.attempt(session, () =>
        verified(passwords, newPassword, { hash, askers: askersOf(by.ip, user.id) }),
      );
      return proven.ok;
    },
    async renewed(userId, tokens, request) {
      const times = await Promise.all(tokens.map((token) => sessions.renewedAt(token)));
      return times.some((at) => at !== null && isRecent(at)) ? signIn(userId, request) : null;
    },
    async once(key, subject, work) {
      if (key === null) return work();
      const digest = createHash('sha256').update(`${subject} ${key}`).digest('base64url');
      const record = `gh:form:${digest}`;
      if (!(await redis.add(record, '1', REPETITION))) return { ok: true };
      // What came to nothing may be tried again at once.
      const forget = () => redis.delete([record]).catch(() => {});
      const result = await work().catch(async (fault) => {
        await forget();
        throw fault;
      });
      if (!result.ok) await forget();
      return result;
    },
  };
}

/** `invalid_credentials`: the password is another one. */
export async function verified(
  passwords: Pick<Passwords, 'verify'>,
  password: string,
  { hash, askers }: { hash: string; askers: readonly string[] },
): Promise<Result<object>> {
  const checked = await passwords.verify(password, hash, askers);
  if (!checked.ok || checked.matches) return checked;
  return refusal('invalid_credentials');
}

/** What stays of a link that a form takes, for the same form. `act`: what the form does. */
export const usedByForm = (
  act: 'reset' | 'disown',
  { token, formKey, now }: { token: string; formKey: string; now: Milliseconds },
): UsedLink => ({ digest: digestOf(`${act} ${token} ${formKey}`), expiresAt: now + REPETITION });
