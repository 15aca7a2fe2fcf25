import type { Language } from './language.ts';
import { mailsDe } from './mails-de.ts';
import { mailsEn } from './mails-en.ts';

/** What a mail says. Nothing that a stranger typed goes into it, or they could write to people by us. */
export interface MailText {
  subject: string;
  before: string[];
  /** What stands on the link; null: there is none. */
  link: string | null;
  after: string[];
}

export type LetterKind =
  | 'register'
  | 'already_registered'
  | 'invitation'
  | 'reset'
  | 'verification'
  | 'change_email'
  | 'address_taken'
  | 'change_email_asked'
  | 'email_changed'
  | 'password_changed'
  | 'reset_link_made'
  | 'account_deleted';

export type MailTexts = Record<LetterKind, (appName: string) => MailText>;

export const MAIL_TEXTS: Record<Language, MailTexts> = { en: mailsEn, de: mailsDe };
