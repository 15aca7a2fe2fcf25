import { preferredLanguage } from '../texts/language.ts';
import { TEXTS, type Texts } from '../texts/texts.ts';
import type { HeaderContext } from './env.ts';

/** The words for whoever asks. An answer with them in it says so by `sayLanguage`. */
export function textsOf(c: Pick<HeaderContext, 'req'>): Texts {
  return TEXTS[preferredLanguage(c.req.header('accept-language'))];
}

/** Says which language an answer is in, and that others may get another (RFC 9110 section 12.5.5). */
export function sayLanguage(c: Pick<HeaderContext, 'header'>, { language }: Texts): void {
  c.header('Content-Language', language);
  // Named here, so with what stands on every other answer.
  c.header('Vary', 'Origin, Accept-Language');
}
