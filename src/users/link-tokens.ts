import { createHash, randomBytes } from 'node:crypto';
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
}

/**
 * Links that are out, by the digest of their secret. A change of a user takes and drops them in its
 * own batch. Each is one statement, and rejects with a `Fault`.
 */
export interface LinkTokens {
  /**
   * Adds a link while its mail is still wanted, and the user still has what it is bound to: the
   * epoch for `change_email`, else the address. false: not any more.
   */
  add(link: Link & { digest: string; expiresAt: Milliseconds }, mail: LinkMail): Promise<boolean>;
  /** What a link is good for, without taking it. null: unknown, used, expired or of another purpose. */
  peek(use: LinkUse): Promise<Link | null>;
  /** Drops links that are past their time. */
  prune(now: Milliseconds): Promise<void>;
}

/** Makes a link, and answers its secret, which is kept nowhere. null: as `LinkTokens.add`. */
export type IssueLink = (link: Link, mail: LinkMail) => Promise<string | null>;

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

export function createIssueLink(
  links: Pick<LinkTokens, 'add'>,
  clock: Clock,
  lifetimeOf: (purpose: LinkPurpose) => Milliseconds,
): IssueLink {
  return async function issueLink(link, mail) {
    const secret = newSecret();
    const expiresAt = clock.now() + lifetimeOf(link.purpose);
    const added = await links.add({ ...link, digest: digestOf(secret), expiresAt }, mail);
    return added ? secret : null;
  };
}
