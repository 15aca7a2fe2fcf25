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
import type { Clock, Milliseconds } from '../time.ts';
import {
  digestOf,
  dropLinks,
  type Link,
  type LinkPurpose,
  type LinkTokens,
} from '../users/link-tokens.ts';
import type { LinkUse, UsedLink, Users } from '../users/users.ts';
import type { AccountTries } from './account-tries.ts';
import type { DeviceCookies, Devices, NewCookie } from './devices.ts';
import { usedByForm, verified } from './repetition.ts';
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
   * password leaves the link as it is. The same form sent again within a minute, with the password
   * that it set, has the same outcome.
   * Every device is forgotten but this one, whose cookie is answered.
   */
  reset(request: ResetRequest): Promise<Result<{ device: string | null }>>;
}

export interface ResetRequest {
  /** The secret of the link. */
  token: string;
  password: string;
  /** The key of the form that was sent; null when it was none. */
  formKey: string | null;
  by: Caller;
  device: DeviceCookies;
}

export interface PasswordResetParts {
  users: Users;
  changes: UserChanges;
  links: Pick<LinkTokens, 'peek' | 'used'>;
  passwords: Passwords;
  policy: PasswordPolicy;
  limits: { forgotAccount: Limits; forgotAddress: Limits; token: Limits };
  tries: AccountTries;
  devices: Pick<Devices, 'startAnew' | 'remember'>;
  post: Post;
  events: Events;
  clock: Clock;
  log: Pick<Log, 'info'>;
}

/** A password that is set by a link. */
interface NewPassword {
  userId: string;
  purpose: LinkPurpose;
  link: LinkUse;
  passwordHash: string;
  by: Caller;
  device: NewCookie;
}

const PURPOSES: readonly LinkPurpose[] = ['reset', 'invitation', 'register', 'handed_over'];

export function createPasswordReset(parts: PasswordResetParts): PasswordReset {
  const { users, changes, links, passwords, policy, limits, tries, devices } = parts;
  const { post, events, clock, log } = parts;

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

  async function attempt(request: ResetRequest): Promise<Result<{ device: string | null }>> {
    const { token, password, formKey, by } = request;
    const now = clock.now();
    const leaves = formKey === null ? null : usedByForm('reset', { token, formKey, now });
    const link: LinkUse = {
      ...{ digest: digestOf(token), purposes: PURPOSES, now },
      ...(leaves && { leaves }),
    };
    const found = await links.peek(link);
    if (!found) return repeated(leaves, request, now);
    const weak = await policy.check(password, await contextOf(found));
    if (weak) return weak;
    const hashed = await passwords.hash(password, askersOf(by.ip, found.userId));
    if (!hashed.ok) return hashed;
    const userId = found.userId ?? uuidv7();
    const device = devices.startAnew(userId, request.device, by);
    const { purpose } = found;
    const change = { userId, purpose, link, passwordHash: hashed.hash, by, device };
    const done = found.userId === null ? await open(change) : await replace(change);
    return done ? { ok: true, device: device.cookie } : repeated(leaves, request, now);
  }

  /** Whether this form has set this password, by the link that it has used up. */
  async function repeated(
    form: UsedLink | null,
    { password, by, device }: ResetRequest,
    now: Milliseconds,
  ): Promise<Result<{ device: string | null }>> {
    const used = form && (await links.used(form.digest, now));
    if (!used) return refusal('invalid_token');
    const { userId, address } = used;
    const user = await users.withPassword(userId === null ? { email: address } : { id: userId });
    if (!user?.passwordHash) return refusal('invalid_token');
    const { passwordHash: hash } = user;
    const askers = askersOf(by.ip, user.user.id);
    const result = await verified(passwords, password, { hash, askers });
    if (result.ok) return { ok: true, device: await devices.remember(device, user, by) };
    return result.code === 'overloaded' ? result : refusal('invalid_token');
  }

  /** Names that the password may not be made of. */
  async function contextOf({ userId, address, name }: Link) {
    const user = userId === null ? null : await users.byId(userId);
    return user ?? { email: address, username: null, name };
  }

  /** Makes the account that was asked for. */
  function open({ userId: id, link, passwordHash, by, device }: NewPassword) {
    const user = { id, passwordHash, createdAt: clock.now() };
    const companions = [events.companion('registered', by, id), ...device.companions];
    return users.insertByLink(user, link, companions);
  }

  async function replace({ userId, purpose, link, passwordHash, by, device }: NewPassword) {
    // Whoever was handed a link need not hold the address.
    const confirming = purpose !== 'handed_over';
    const confirmed = confirming ? { emailVerified: true } : {};
    const change = { passwordHash, endSessions: true, ...confirmed };
    const companions = [
      events.companion('password_reset', by, userId),
      ...post.with({ purpose: 'password_changed', confirming, language: by.language }),
      dropLinks(link),
      ...device.companions,
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
