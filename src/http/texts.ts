import { preferredLanguage } from '../texts/language.ts';
import { TEXTS, type Texts } from '../texts/texts.ts';
import type { HeaderContext } from './env.ts';

/** The words of pages for whoever asks. What is drawn with them has to vary by `Accept-Language`. */
export function textsOf(c: Pick<HeaderContext, 'req'>): Texts {
  return TEXTS[preferredLanguage(c.req.header('accept-language'))];
}
