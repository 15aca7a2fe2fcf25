import type { Milliseconds } from '../time.ts';
import type { MailToUser } from '../users/companion.ts';
import type { User } from '../users/users.ts';

export type MailPurpose =
  | 'register'
  | 'invitation'
  | 'reset'
  | 'verification'
  | 'change_email'
  | 'change_email_asked'
  | 'email_changed'
  | 'password_changed'
  | 'reset_link_made'
  | 'account_deleted';

/** Mail that tells the owner of an account what has happened to it (ASVS 6.3.7). */
export const NOTICES: ReadonlySet<MailPurpose> = new Set<MailPurpose>([
  'change_email_asked',
  'email_changed',
  'password_changed',
  'reset_link_made',
  'account_deleted',
]);

export interface NewMail {
  /** UUIDv7. */
  id: string;
  purpose: MailPurpose;
  address: string;
  name: string | null;
  language: string;
  createdAt: Milliseconds;
}

/** Mail that is to be sent. What it says is made when it is sent, so no secret is at rest here. */
export interface QueuedMail extends NewMail {
  /** null: whoever has the address, if anybody. */
  userId: string | null;
  /** Whether the user had confirmed the address when the mail was put in. */
  confirmed: boolean;
  /** The user's epoch when it was asked for: what asked may have been ended since. */
  epoch: number | null;
  attempts: number;
  /** When its link was made. Null: none was. */
  linkAt: Milliseconds | null;
}

/** Mail that waits. Each is one statement or one batch, and rejects with a `Fault`. */
export interface MailQueue {
  /** Puts mail in for whoever has an address, without looking whether anybody has. */
  add(mail: NewMail): Promise<void>;
  /** Puts mail in for a user who still has this epoch. */
  addFor(user: Pick<User, 'id' | 'epoch'>, mails: readonly MailToUser[]): Promise<void>;
  /** Takes mail that is due, so that nobody else takes it before the lease ends, and counts the try. */
  take(count: number, now: Milliseconds, lease: Milliseconds): Promise<QueuedMail[]>;
  /** It was sent, or is not wanted any more. */
  done(id: string): Promise<void>;
  /** It is to be tried again later. */
  postpone(id: string, dueAt: Milliseconds): Promise<void>;
}
