import type { Milliseconds } from '../time.ts';
import type { NewDevice } from './devices.ts';
import type { LinkPurpose } from './link-tokens.ts';

/** A row of the events table, whose user is the one that changes. */
export interface EventOfUser {
  id: string;
  kind: string;
  actorId: string | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string;
  at: Milliseconds;
}

/** A row of the mail queue for one user. */
export interface MailToUser {
  id: string;
  purpose: string;
  /** null: the one that the user has; nothing is put in for who has none. */
  address: string | null;
  /** Only to an address that is confirmed. */
  confirmed?: boolean | undefined;
  /** The change that it goes with confirms the address. */
  confirming?: boolean | undefined;
  /**
   * It only tells of a change, so one that waits for an address that is not confirmed tells of the
   * next change too, and no second one is put in.
   */
  notice?: boolean | undefined;
  language: string;
  createdAt: Milliseconds;
}

/**
 * What goes with the change of a user, in one batch with it: it happens exactly when the change
 * does, and to the user as they were before an update or removal.
 */
export type Companion =
  | { event: EventOfUser }
  | { mail: MailToUser }
  /** No link that is out for the user works any more; the one that the change takes, it takes itself. */
  | { dropLinks: { except: string | null; purpose?: LinkPurpose } }
  /** A link for the user that goes by no mail. */
  | { link: { digest: string; purpose: LinkPurpose; expiresAt: Milliseconds } }
  /** No device of the user is known any more. */
  | { forgetDevices: true }
  /** The device that asked for it is known from now on. */
  | { knownDevice: NewDevice };
