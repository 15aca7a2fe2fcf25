import { uuidv7 } from 'uuidv7';
import type { Caller } from '../caller.ts';
import { type Refusal, type Result, refusal, takenNames } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { Post } from '../mail/post.ts';
import { pageOf } from '../paging.ts';
import type { Clock } from '../time.ts';
import type { Companion } from '../users/companion.ts';
import type { LinkAddress } from '../users/link-address.ts';
import { type HandedOverLink, handOverLink } from '../users/link-tokens.ts';
import { withUserRole } from '../users/roles.ts';
import type { User, UserChange, UserQuery, Users } from '../users/users.ts';
import type { AccountTries } from './account-tries.ts';
import { forgetDevices } from './devices.ts';
import type { UserChanges } from './user-changes.ts';

/** Who does it. null: whoever runs the command line. */
export interface Admin {
  id: string | null;
  by: Caller;
}

export interface Invitation {
  email: string | null;
  username: string | null;
  name: string | null;
  roles: string[];
}

/** What admins do to users. */
export interface Administration {
  /** One page of users, and the cursor of the next one; null: that was the last. */
  list(query: UserQuery): Promise<{ users: User[]; next: string | null }>;
  /** null: no such user. */
  get(id: string): Promise<User | null>;
  /**
   * Makes a user without a password. A link that sets it is mailed, or is in the answer where nothing
   * can be mailed: without an email, and without a transport. `email_taken`, `username_taken`.
   */
  invite(
    invitation: Invitation,
    admin: Admin,
  ): Promise<Result<{ user: User; resetLink: HandedOverLink | null }>>;
  /**
   * Makes a link that sets a new password, to be handed over by hand (ASVS 6.4.6), and forgets the
   * failed sign-ins of strangers. A confirmed address is told. `not_found`; `conflict` for somebody
   * who is disabled, for whom no link works.
   */
  makeResetLink(id: string, admin: Admin): Promise<Result<{ resetLink: HandedOverLink }>>;
  /**
   * Holds at the user's next request. `not_found`; `last_admin` when nobody would be left who can
   * administer; `conflict` when a role is given to somebody whose email is not confirmed.
   * `unconfirmed`: it is given all the same.
   */
  change(
    id: string,
    change: Pick<UserChange, 'roles' | 'disabled' | 'name'>,
    admin: Admin,
    unconfirmed?: boolean,
  ): Promise<Result<{ user: User }>>;
}

export interface AdministrationParts {
  users: Users;
  changes: UserChanges;
  post: Post;
  /** Mail leaves this machine, or is shown to the people who wait for it. */
  mailArrives: boolean;
  linkAddress: LinkAddress;
  tries: Pick<AccountTries, 'clear'>;
  events: Events;
  clock: Clock;
}

export function createAdministration(parts: AdministrationParts): Administration {
  const { users, changes, post, mailArrives, linkAddress, tries, events, clock } = parts;
  return {
    async list(query) {
      const found = await users.list({ ...query, limit: query.limit + 1 });
      const { page, next } = pageOf(found, query.limit);
      return { users: page, next };
    },
    get: (id) => users.byId(id),
    async invite({ email, username, name, roles }, { id: adminId, by }) {
      const user: User = {
        ...{ id: uuidv7(), email, username, name, roles: withUserRole([...new Set(roles)]) },
        ...{ emailVerified: false, disabled: false, epoch: 0, version: 0, createdAt: clock.now() },
      };
      const handedOver = email !== null && mailArrives ? null : handOver({ id: adminId, by });
      const companions = [
        events.companion('invited', by, adminId),
        ...(handedOver?.companions ?? post.with({ purpose: 'invitation', language: by.language })),
      ];
      if (await users.insert({ ...user, passwordHash: null }, companions)) {
        post.kick();
        return { ok: true, user, resetLink: handedOver?.link ?? null };
      }
      const taken = await users.taken({ email, username });
      return taken.length > 0 ? takenNames(taken) : refusal('conflict');
    },
    async makeResetLink(id, admin) {
      const { link, companions } = handOver(admin);
      const notice = { purpose: 'reset_link_made', confirmed: true } as const;
      const mails = post.with({ ...notice, language: admin.by.language });
      const enabled = true;
      const made = await changes.apply(id, () =>
        users.update(id, {}, { enabled }, [...companions, ...mails]),
      );
      if (!made)
        return (await users.byId(id))
          ? refusal('conflict', { reason: 'user_disabled' })
          : refusal('not_found');
      post.kick();
      // Once more when its answer is lost: the link is made, and should not be answered no.
      const clear = () => tries.clear(id);
      await clear().catch(clear);
      return { ok: true, resetLink: link };
    },
    async change(id, { roles, disabled, name }, admin, unconfirmed = false) {
      const wanted = roles && withUserRole([...new Set(roles)]);
      const notLastAdmin = disabled === true || (wanted !== undefined && !wanted.includes('admin'));
      const change = { roles: wanted, disabled, name };
      const condition = {
        notLastAdmin,
        ...(wanted && !unconfirmed ? { confirmedToGain: wanted } : {}),
      };
      const changed = await changes.apply(id, () =>
        users.update(id, change, condition, recorded(change, admin)),
      );
      if (changed) return { ok: true, user: changed };
      return refused(await users.byId(id), wanted ?? [], unconfirmed);
    },
  };

  function handOver({ id, by }: Admin) {
    const { link, companions } = handOverLink(linkAddress, clock.now());
    return { link, companions: [...companions, events.companion('reset_link_made', by, id)] };
  }

  /** Which of the conditions of a change did not hold. */
  function refused(user: User | null, wanted: string[], unconfirmed: boolean): Refusal {
    if (!user) return refusal('not_found');
    const gains = wanted.some((role) => !user.roles.includes(role));
    if (unconfirmed || !gains || user.email === null || user.emailVerified) {
      return refusal('last_admin');
    }
    const message = 'The email address of this account is not confirmed.';
    const errors = [{ path: 'roles', code: 'email_unconfirmed' as const, message }];
    return refusal('conflict', { reason: 'email_unconfirmed', errors });
  }

  function recorded({ roles, disabled }: UserChange, { id, by }: Admin): Companion[] {
    const kind = disabled ? 'disabled' : 'enabled';
    return [
      ...(roles === undefined ? [] : [events.companion('role_changed', by, id)]),
      ...(disabled === undefined ? [] : [events.companion(kind, by, id)]),
      ...(disabled ? [forgetDevices()] : []),
    ];
  }
}
