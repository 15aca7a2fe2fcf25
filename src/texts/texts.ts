import type { FieldError, Refusal, RefusalCode } from '../errors.ts';
import type { EventKind } from '../events/events.ts';
import type { Language } from './language.ts';
import { pagesDe } from './pages-de.ts';
import { pagesEn } from './pages-en.ts';
import { fieldErrorsDe, refusalsDe, settingDe } from './refusals-de.ts';
import { refusalsEn, settingEn } from './refusals-en.ts';

/** A title, and one sentence for people. */
export type RefusalTexts = Record<RefusalCode, [title: string, detail: string]>;

export type EventTexts = Record<EventKind, string>;

/** What can be wrong with a field of a page. */
export type FieldErrorCode =
  | 'required'
  | 'unknown_key'
  | 'invalid_type'
  | 'incomplete'
  | 'invalid_form'
  | 'invalid_text'
  | 'invalid_email'
  | 'invalid_username'
  | 'invalid_name'
  | 'too_short'
  | 'too_long'
  | 'contains_context'
  | 'too_common'
  | 'breached';

/** Everything that pages say, in one language. Mails have their own, `MAIL_TEXTS`. */
export interface Texts extends PageTexts {
  language: Language;
  /** The title of a page that is nothing but a refusal. */
  refusalTitle(refusal: Refusal): string;
  /** Why something was refused, in one sentence. */
  refused(refusal: Refusal): string;
  /** What is wrong with a field, in one sentence. */
  fieldError(error: FieldError): string;
}

export type PageTexts = typeof pagesEn;

/** The API's own sentences are English, and know more of the case. */
const en: Texts = {
  ...pagesEn,
  language: 'en',
  refusalTitle: ({ code }) => refusalsEn[code][0],
  refused: (refusal) => (refusal.detail ?? refusalsEn[refusal.code][1]) + settingEn(refusal),
  fieldError: ({ message }) => message,
};

const de: Texts = {
  ...pagesDe,
  language: 'de',
  refusalTitle: ({ code }) => refusalsDe[code][0],
  refused: (refusal) => refusalsDe[refusal.code][1] + settingDe(refusal),
  fieldError: ({ code, message }) => fieldErrorsDe[code as FieldErrorCode] ?? message,
};

export const TEXTS: Record<Language, Texts> = { en, de };
