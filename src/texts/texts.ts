import type { FieldError, FieldErrorCode, Refusal, RefusalCode, RefusalReason } from '../errors.ts';
import type { EventKind } from '../events/events.ts';
import type { Language } from './language.ts';
import { pagesDe } from './pages-de.ts';
import { pagesEn } from './pages-en.ts';
import { fieldErrorsDe, reasonsDe, refusalsDe, settingDe } from './refusals-de.ts';
import { reasonsEn, refusalsEn, settingEn } from './refusals-en.ts';

/** A title, and one sentence for people. */
export type RefusalTexts = Record<RefusalCode, [title: string, detail: string]>;

/** Sentences that know more of the case than the one of the code. */
export type ReasonTexts = Record<RefusalReason, string>;

export type EventTexts = Record<EventKind, string>;

/** What is wrong with a field, in one sentence; it may say the numbers of the rule. */
export type FieldErrorTexts = Record<FieldErrorCode, string | ((error: FieldError) => string)>;

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

/** What languages differ in, as far as refusals are told by them. */
interface RefusalWords {
  refusals: RefusalTexts;
  reasons: ReasonTexts;
  /** A sentence more that names a setting. Empty where there is none. */
  setting(refusal: Refusal): string;
  fieldError(error: FieldError): string;
  /** Said after a list of errors that is not complete. */
  moreErrors(listed: number, count: number): string;
}

function refusalTexts(words: RefusalWords): Pick<Texts, 'refusalTitle' | 'refused' | 'fieldError'> {
  const { refusals, reasons, setting, fieldError, moreErrors } = words;
  return {
    refusalTitle: ({ code }) => refusals[code][0],
    refused(refusal) {
      const { code, reason, detail, errors = [], errorCount } = refusal;
      const said = reason ? reasons[reason] : (detail ?? refusals[code][1]);
      const more = errorCount ? ` ${moreErrors(errors.length, errorCount)}` : '';
      return said + more + setting(refusal);
    },
    fieldError,
  };
}

const en: Texts = {
  ...pagesEn,
  language: 'en',
  ...refusalTexts({
    refusals: refusalsEn,
    reasons: reasonsEn,
    setting: settingEn,
    fieldError: ({ message }) => message,
    moreErrors: (listed, count) => `The first ${listed} of ${count} errors are listed.`,
  }),
};

const de: Texts = {
  ...pagesDe,
  language: 'de',
  ...refusalTexts({
    refusals: refusalsDe,
    reasons: reasonsDe,
    setting: settingDe,
    fieldError(error) {
      const text = fieldErrorsDe[error.code];
      return typeof text === 'function' ? text(error) : text;
    },
    moreErrors: (listed, count) => `Die ersten ${listed} von ${count} Fehlern sind genannt.`,
  }),
};

export const TEXTS: Record<Language, Texts> = { en, de };
