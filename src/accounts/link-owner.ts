import type { Caller } from '../caller.ts';
import { type Refusal, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { askersOf, networksOf } from '../limits/address.ts';
import { type Limits, tryOf } from '../limits/limits.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { isSignedIn } from '../session/reader.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Token } from '../session/token.ts';
import type { UpdateCondition, Users } from '../users/users.ts';
import type { AccountTries } from './account-tries.ts';

/** Who opens a link that takes more than its secret. */
export interface LinkOpener {
  /** The tokens of the request that may say who is signed in. */
  tokens: readonly Token[];
  password?: string | undefined;
  by: Caller;
}

/** What was shown, as it must still be true when the link is taken. */
export interface OwnerProven {
  ok: true;
  condition: Pick<UpdateCondition, 'epoch' | 'verified'>;
}

/** Tells whether it is the user of a link who opens it. */
export interface LinkOwner {
  /** The request carries a live session of the user. */
  isSignedIn(userId: string, tokens: readonly Token[]): Promise<boolean>;
  /**
   * A live session of the user proves it, or else their password, which is counted like a login.
   * `not_signed_in`: neither was given. `invalid_credentials`, `rate_limited`, `overloaded`: as of a
   * login.
   */
  prove(userId: string, opener: LinkOpener): Promise<OwnerProven | Refusal>;
}

export interface LinkOwnerParts {
  users: Pick<Users, 'withPassword'>;
  passwords: Pick<Passwords, 'verify'>;
  sessions: Pick<Sessions, 'read'>;
  /** Failed logins by client address. */
  failures: Limits;
  /** Failed logins by account. */
  tries: Pick<AccountTries, 'ofStranger' | 'clear'>;
  events: Pick<Events, 'record'>;
}

export function createLinkOwner(parts: LinkOwnerParts): LinkOwner {
  const { users, passwords, sessions, failures, tries, events } = parts;

  return {
    isSignedIn: async (userId, tokens) => (await epochOf(userId, tokens)) !== null,
    async prove(userId, { tokens, password, by }) {
      const epoch = await epochOf(userId, tokens);
      if (epoch !== null) return { ok: true, condition: { epoch } };
      if (password === undefined) return refusal('not_signed_in');
      const byAddress = await failures.take(networksOf(by.ip));
      if (!byAddress.ok) return byAddress;
      const proven = await byPassword(userId, password, by).catch(byAddress.forgive);
      const failed = !proven.ok && proven.code === 'invalid_credentials';
      if (!failed) await byAddress.giveBack();
      return proven;
    },
  };

  /** The epoch of the user's session. null: nobody is signed in, or somebody else. */
  async function epochOf(userId: string, tokens: readonly Token[]): Promise<number | null> {
    const session = tokens.length === 0 ? null : await sessions.read(tokens);
    if (!isSignedIn(session) || session.readOnly || session.user.id !== userId) return null;
    return session.record.login.epoch;
  }

  async function byPassword(userId: string, password: string, by: Caller) {
    const found = await users.withPassword({ id: userId });
    const taken = await tries.ofStranger({ id: userId }, found?.user ?? null).take();
    if (!taken.ok) return taken;
    const { forgive, giveBack } = tryOf(taken.giveBack);
    const hash = found?.passwordHash ?? null;
    const checked = await passwords.verify(password, hash, askersOf(by.ip, userId)).catch(forgive);
    if (!checked.ok) {
      // Nobody had time to look at it.
      await giveBack();
      return checked;
    }
    if (!checked.matches || hash === null || found?.user.disabled) {
      events.record({ kind: 'refused', userId, actorId: null, by });
      return refusal('invalid_credentials');
    }
    await tries.clear(userId);
    return { ok: true, condition: { verified: hash } } as const;
  }
}
