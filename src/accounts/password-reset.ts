import { uuidv7 } from 'uuidv7';
import type { Caller } from '../caller.ts';
import { type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { askersOf, networksOf } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { Log } from '../log.ts';
import type { Post } from '../mail/post.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { PasswordPolicy } from '../passwords/policy.ts';
import type { Clock } from '../time.ts';
import {
  digestOf,
  dropLinks,
  type Link,
  type LinkPurpose,
  type LinkTokens,
} from '../users/link-tokens.ts';
import type { LinkUse, Users } from '../users/users.ts';
import type { AccountTries } from './account-tries.ts';
import type { UserChanges } from './user-changes.ts';

export interface PasswordReset {
  /**
   * Puts in the mail whose link sets a new password. The same, in the same time, whether anybody has
   * the address or not (ASVS 6.3.8): that is looked up when the mail is sent. Once the account has had
   * its share, nothing is put in and the answer is the same.
   */
  request(request: { email: string; by: Caller }): Promise<Result<object>>;
  /**
   * Sets a password by a mailed link: of an account that forgot its own, that somebody was invited
   * to, or that is made by it. Ends all sessions, and shows that the address is theirs (ASVS 6.4.3).
   * A link that an admin handed over does the same, but shows nothing of an address.
   * `invalid_token`: unknown, used, expired, or of an address that the user has no more. A refused
   * password leaves the link as it is.
   */
  reset(request: ResetRequest): Promise<Result<object>>;
}

export interface ResetRequest {
  /** The secret of the link. */
  token: string;
  password: string;
  by: Caller;
}

export interface PasswordResetParts {
  users: Users;
  changes: UserChanges;
  links: Pick<LinkTokens, 'peek'>;
  passwords: Passwords;
  policy: PasswordPolicy;
  limits: { forgotAccount: Limits; forgotAddress: Limits; token: Limits };
  tries: AccountTries;
  post: Post;
  events: Events;
  clock: Clock;
  log: Pick<Log, 'info'>;
}

const PURPOSES: readonly LinkPurpose[] = ['reset', 'invitation', 'register', 'handed_over'];

export function createPasswordReset(parts: PasswordResetParts): PasswordReset {
  const { users, changes, links, passwords, policy, limits, tries, post, events, clock, log } =
    parts;

  return {
    async request({ email, by }) {
      const mail = { purpose: 'reset', address: email, language: by.language } as const;
      // A client that is turned away by address does not use up the owner's tries.
      return (
        post.missing() ??
        limits.forgotAddress.attempt(networksOf(by.ip), async () => {
          const byAccount = await limits.forgotAccount.take(email);
          if (byAccount.ok) return post.put(mail).catch(byAccount.forgive);
          // The answer stays the same: the links that are out work as long as this limit lasts.
          log.info('no mail for a forgotten password: the account has had LIMIT_FORGOT_ACCOUNT', {
            requestId: by.requestId,
          });
          return { ok: true };
        })
      );
    },
    async reset(request) {
      const address = networksOf(request.by.ip);
      return limits.token.attempt(address, () => attempt(request), 'invalid_token');
    },
  };

  async function attempt({ token, password, by }: ResetRequest): Promise<Result<object>> {
    const link = { digest: digestOf(token), purposes: PURPOSES, now: clock.now() };
    const found = await links.peek(link);
    if (!found) return refusal('invalid_token');
    const weak = await policy.check(password, await contextOf(found));
    if (weak) return weak;
    const hashed = await passwords.hash(password, askersOf(by.ip, found.userId));
    if (!hashed.ok) return hashed;
    const done =
      found.userId === null
        ? await open(link, hashed.hash, by)
        : await replace(found.userId, found.purpose, link, hashed.hash, by);
    return done ? { ok: true } : refusal('invalid_token');
  }

  /** Names that the password may not be made of. */
  async function contextOf({ userId, address, name }: Link) {
    const user = userId === null ? null : await users.byId(userId);
    return user ?? { email: address, username: null, name };
  }

  /** Makes the account that was asked for. */
  function open(link: LinkUse, passwordHash: string, by: Caller) {
    const id = uuidv7();
    const user = { id, passwordHash, createdAt: clock.now() };
    return users.insertByLink(user, link, [events.companion('registered', by, id)]);
  }

  async function replace(
    userId: string,
    purpose: LinkPurpose,
    link: LinkUse,
    passwordHash: string,
    by: Caller,
  ) {
    // Whoever was handed a link need not hold the address.
    const confirmed = purpose === 'handed_over' ? {} : { emailVerified: true };
    const change = { passwordHash, endSessions: true, ...confirmed };
    const companions = [
      events.companion('password_reset', by, userId),
      ...post.with({ purpose: 'password_changed', language: by.language }),
      dropLinks(link),
    ];
    const changed = await changes.apply(userId, () =>
      users.update(userId, change, { link, enabled: true }, companions),
    );
    if (!changed) return null;
    post.kick();
    // Whoever proves to hold the address is not kept waiting for a stranger's failures. Once more
    // when its answer is lost: what was changed is changed, and should not be answered no.
    const clear = () => tries.clear(userId);
    await clear().catch(clear);
    return changed;
  }
}
