import { createHash, createHmac, randomBytes } from 'node:crypto';
import { deriveKey } from '../session/token.ts';
import { type Clock, days, hours, type Milliseconds } from '../time.ts';
import type { Companion } from './companion.ts';
import type { LinkAddress } from './link-address.ts';
import type { LinkUse } from './users.ts';

export type LinkPurpose =
  | 'register'
  | 'invitation'
  | 'reset'
  /** Sets a password like a reset. It was passed on by hand, so it shows nothing of an address. */
  | 'handed_over'
  | 'verification'
  | 'change_email';

/** ASVS 6.5.5, 6.6.2; NIST SP 800-63B-4 section 3.1.3.2 lets a code by mail live 24 hours at most. */
const LIFETIMES: Record<LinkPurpose, Milliseconds> = {
  register: days(1),
  invitation: days(1),
  verification: days(1),
  reset: hours(1),
  handed_over: days(1),
  change_email: hours(1),
};

/**
 * Returns how long a link works. It outlives the windows of the limits that the next mail waits for,
 * or whoever asks for mail to somebody else's address would leave its owner without a link that works.
 */
export function linkLifetime(
  purpose: LinkPurpose,
  windows: { forgot: Milliseconds; mail: Milliseconds },
): Milliseconds {
  const forgot = purpose === 'reset' ? windows.forgot : 0;
  return Math.max(LIFETIMES[purpose], forgot, windows.mail);
}

/** What a link is good for; its secret is not kept. */
export interface Link {
  purpose: LinkPurpose;
  /** null: there is no user yet. */
  userId: string | null;
  address: string;
  name: string | null;
}

/** The mail that a link goes into, and the epoch of the user who asked for it. */
export interface LinkMail {
  id: string;
  epoch: number | null;
  /** When a try before made its link. Null: none did. */
  linkAt: Milliseconds | null;
}

/** A link that is out. */
export interface IssuedLink {
  secret: string;
  /** When it was made. */
  at: Milliseconds;
}

/**
 * Links that are out, by the digest of their secret. A change of a user takes and drops them in its
 * own batch. Each is one statement, and rejects with a `Fault`.
 */
export interface LinkTokens {
  /**
   * Adds a link while its mail is still wanted, and the user still has what it is bound to: the
   * epoch for `change_email`, else the address. It takes the place of the one that an earlier try
   * made, unless that was used. false: not any more.
   */
  add(link: NewLink, mail: LinkMail): Promise<boolean>;
  /** What a link is good for, without taking it. null: unknown, used, expired or of another purpose. */
  peek(use: LinkUse): Promise<Link | null>;
  /** What a used link was for, while it is kept. null: unknown, not used, or no longer kept. */
  used(digest: string, now: Milliseconds): Promise<Pick<Link, 'userId' | 'address'> | null>;
  /** Drops links that are past their time. */
  prune(now: Milliseconds): Promise<void>;
}

export interface NewLink extends Link {
  digest: string;
  at: Milliseconds;
  expiresAt: Milliseconds;
  /** Of the link that an earlier try made, while it is valid. */
  replaces: string | null;
}

/**
 * Makes the link of a mail, or finds the one that an earlier try made: a message that was taken
 * although its answer was lost is sent again as it was, and no second link is live. Null: as
 * `LinkTokens.add`, or the link was used meanwhile.
 */
export type IssueLink = (link: Link, mail: LinkMail) => Promise<IssuedLink | null>;

/** Statements of a change take a link by the digest of its secret. */
export const digestOf = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url');

/** A link that an admin passes on by hand. Its address is shown once, and its secret kept nowhere. */
export interface HandedOverLink {
  url: string;
  expiresAt: Milliseconds;
}

/**
 * Makes a link that sets the password of the user who changes. It takes the place of those that were
 * handed over for the user before.
 */
export function handOverLink(
  linkAddress: LinkAddress,
  now: Milliseconds,
): { link: HandedOverLink; companions: Companion[] } {
  const secret = newSecret();
  const expiresAt = now + LIFETIMES.handed_over;
  const link = { digest: digestOf(secret), purpose: 'handed_over', expiresAt } as const;
  return {
    link: { url: linkAddress('handed_over', secret), expiresAt },
    companions: [{ dropLinks: { except: null, purpose: 'handed_over' } }, { link }],
  };
}

const newSecret = () => randomBytes(32).toString('base64url');

/** `taken`: the link by which the change happens. */
export const dropLinks = (taken?: LinkUse): Companion => ({
  dropLinks: { except: taken?.digest ?? null },
});

/**
 * Secrets are not kept, so that of a later try is derived again: an HMAC-SHA-256 by a key of the
 * server over the mail's id, which holds 74 random bits, and the moment at which the link was made.
 */
export function createIssueLink(
  links: Pick<LinkTokens, 'add' | 'peek'>,
  clock: Clock,
  sessionSecret: string,
  lifetimeOf: (purpose: LinkPurpose) => Milliseconds,
): IssueLink {
  const key = deriveKey(sessionSecret, 'gatehouse mailed link');
  const secretOf = (id: string, at: Milliseconds) =>
    createHmac('sha256', key).update(`${id}.${at}`).digest('base64url');

  return async function issueLink(link, mail) {
    const { purpose } = link;
    const now = clock.now();
    const life = lifetimeOf(purpose);
    const before =
      mail.linkAt === null ? null : { secret: secretOf(mail.id, mail.linkAt), at: mail.linkAt };
    const digest = before && digestOf(before.secret);
    // One that has lost half of its life would reach people too late to be used.
    if (before && digest && now < before.at + life / 2) {
      return (await links.peek({ digest, purposes: [purpose], now })) && before;
    }
    const valid = before !== null && now < before.at + life;
    const issued = { secret: secretOf(mail.id, now), at: now };
    const added = await links.add(
      {
        ...link,
        digest: digestOf(issued.secret),
        at: now,
        expiresAt: now + life,
        replaces: valid ? digest : null,
      },
      mail,
    );
    return added ? issued : null;
  };
}
