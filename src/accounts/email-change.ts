import type { Caller } from '../caller.ts';
import { invalidField, type Refusal, type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { networksOf } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { Post, UserMail } from '../mail/post.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { Token } from '../session/token.ts';
import type { Clock, Milliseconds } from '../time.ts';
import type { Companion } from '../users/companion.ts';
import { digestOf, dropLinks, type LinkTokens } from '../users/link-tokens.ts';
import type { LinkUse, UpdateCondition, UsedLink, UserChange, Users } from '../users/users.ts';
import { forgetDevices } from './devices.ts';
import type { LinkOpener, LinkOwner } from './link-owner.ts';
import { usedByForm } from './repetition.ts';
import type { UserChanges } from './user-changes.ts';

export interface LinkRequest {
  /** The secret of the link. */
  token: string;
  /** The key of the form that was sent; null when it was none. */
  formKey: string | null;
  by: Caller;
}

export interface EmailChange {
  /** Sends a link to the user's own address, to confirm it. */
  requestVerification(session: SignedInSession, by: Caller): Promise<Result<object>>;
  /**
   * Sends a link to a new address, and tells the old one. The same whether another account has the
   * new one or not: that is looked up when the mail is sent.
   */
  requestChange(session: SignedInSession, email: string, by: Caller): Promise<Result<object>>;
  /** The address that a link was for is confirmed, and by this link. */
  isConfirmed(token: string): Promise<boolean>;
  /** The link changes an address, and no session of its user came with the request. */
  needsPassword(token: string, tokens: readonly Token[]): Promise<boolean>;
  /**
   * Confirms or changes an address by a mailed link. `invalid_token`: one answer for all causes. A
   * form by which the address is confirmed already has the outcome of the first. A change also takes
   * a session of its user or their password: whoever else opens the link would give the address that
   * is theirs to the account of somebody else. See `LinkOwner.prove` for its refusals, which leave the
   * link as it is.
   */
  verify(request: LinkRequest & LinkOpener): Promise<Result<object>>;
  /**
   * The holder of the address has no such account: whoever made it is shut out, until the holder
   * sets a password by a reset. `invalid_token`: one answer for all causes. The same form sent again
   * within a minute has the outcome of the first.
   */
  disown(request: LinkRequest): Promise<Result<object>>;
}

export interface EmailChangeParts {
  users: Users;
  changes: UserChanges;
  links: Pick<LinkTokens, 'peek' | 'used'>;
  owner: LinkOwner;
  limits: { token: Limits; mailAsked: Limits };
  post: Post;
  events: Events;
  clock: Clock;
}

export function createEmailChange(parts: EmailChangeParts): EmailChange {
  const { users, changes, links, owner, limits, post, events, clock } = parts;

  return {
    requestVerification,
    async requestChange(session, email, by) {
      if (email === session.user.email) return requestVerification(session, by);
      const { language } = by;
      return ask(session, [
        { purpose: 'change_email', language, address: email },
        { purpose: 'change_email_asked', language },
      ]);
    },
    isConfirmed: (token) => isConfirmed(digestOf(token)),
    verify: (request) =>
      counted(request, async (link, { by, formKey }) => {
        const found = await links.peek({ ...link, purposes: ['verification', 'change_email'] });
        const repeated = async () => formKey !== null && (await isConfirmed(link.digest));
        if (!found?.userId) return repeated();
        const { userId, address, purpose } = found;
        // It stays as it is, to be told from one that never worked.
        const use = { ...link, purposes: [purpose], leaves: { digest: link.digest } };
        if (purpose === 'verification') {
          const verified = events.companion('email_verified', by, userId);
          const given = { emailVerified: true };
          return (await change(userId, given, { link: use }, [verified])) || repeated();
        }
        const proven = await owner.prove(userId, request);
        if (!proven.ok) return proven;
        const moved = [
          events.companion('email_changed', by, userId),
          ...post.with({ purpose: 'email_changed', language: by.language }),
          // Those that are out were mailed to the address before.
          dropLinks(use),
        ];
        const given = { email: address, emailVerified: true };
        const condition = { link: use, ...proven.condition };
        return (await change(userId, given, condition, moved)) || repeated();
      }),
    async needsPassword(token, tokens) {
      const use = { digest: digestOf(token), now: clock.now() };
      const found = await links.peek({ ...use, purposes: ['change_email'] });
      if (!found?.userId) return false;
      return !(await owner.isSignedIn(found.userId, tokens));
    },
    disown: (request) =>
      counted(request, async (link, { by, token, formKey }) => {
        const leaves = formKey === null ? null : usedByForm('disown', { ...link, token, formKey });
        const use = {
          ...{ ...link, purposes: ['verification'] as const },
          ...(leaves && { leaves }),
        };
        const found = await links.peek(use);
        if (!found?.userId) return isDisowned(leaves, link.now);
        const { userId } = found;
        const shutOut = { passwordHash: null, endSessions: true };
        const disowned = events.companion('password_disowned', by, null);
        const companions = [disowned, dropLinks(use), forgetDevices()];
        const done = await change(userId, shutOut, { link: use }, companions);
        return done || isDisowned(leaves, link.now);
      }),
  };

  /** By whichever form: whoever has the link may hear that the address is confirmed. */
  async function isConfirmed(digest: string): Promise<boolean> {
    const used = await links.used(digest, clock.now());
    if (!used?.userId) return false;
    const user = await users.byId(used.userId);
    return user?.email === used.address && user.emailVerified;
  }

  /** Whether this form has shut out whoever made the account. */
  async function isDisowned(form: UsedLink | null, now: Milliseconds): Promise<boolean> {
    const used = form && (await links.used(form.digest, now));
    if (!used?.userId) return false;
    const found = await users.withPassword({ id: used.userId });
    return found !== null && found.passwordHash === null;
  }

  async function requestVerification({ user }: SignedInSession, by: Caller) {
    if (user.email === null) {
      return invalidField('email', 'required', 'This account has no email address.');
    }
    if (user.emailVerified) return { ok: true } as const;
    return ask({ user }, [{ purpose: 'verification', language: by.language, address: user.email }]);
  }

  /** Puts in what a signed-in user asked for, which is void when their sessions were ended since. */
  async function ask({ user }: Pick<SignedInSession, 'user'>, mails: UserMail[]) {
    const put = () => post.putFor(user, mails);
    return post.missing() ?? limits.mailAsked.attempt(user.id, put);
  }

  async function counted(
    request: LinkRequest,
    attempt: (link: Omit<LinkUse, 'purposes'>, request: LinkRequest) => Promise<boolean | Refusal>,
  ): Promise<Result<object>> {
    const link = { digest: digestOf(request.token), now: clock.now() };
    const answer = async (): Promise<Result<object>> => {
      const outcome = await attempt(link, request);
      if (outcome === true) return { ok: true };
      return outcome === false ? refusal('invalid_token') : outcome;
    };
    return limits.token.attempt(networksOf(request.by.ip), answer, 'invalid_token');
  }

  async function change(
    userId: string,
    wanted: UserChange,
    condition: UpdateCondition,
    companions: readonly Companion[],
  ): Promise<boolean> {
    const changed = await changes.apply(userId, () =>
      users.update(userId, wanted, condition, companions),
    );
    if (changed) post.kick();
    return changed !== null;
  }
}
