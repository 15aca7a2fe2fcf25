import type { Language } from './texts/language.ts';

/** Where a request came from: for the owner to recognise, for the events, and for the language of mails. */
export interface Caller {
  /** null: not known. */
  ip: string | null;
  userAgent: string | null;
  requestId: string;
  language: Language;
}
