/** The languages that pages and mails are there in. The first is spoken where none fits. */
export const LANGUAGES = ['en', 'de'] as const;

export type Language = (typeof LANGUAGES)[number];

/**
 * The language of ours that an `Accept-Language` header likes best (RFC 9110 section 12.5.4); the
 * first of ours when it likes none or can't be read.
 */
export function preferredLanguage(header: string | undefined): Language {
  const ranges = (header ?? '').split(',').slice(0, 20).map(parseRange);
  const wanted = ranges.sort((a, b) => b.quality - a.quality);
  for (const { tag, quality } of wanted) {
    const found = LANGUAGES.find((language) => tag === language || tag.startsWith(`${language}-`));
    if (found && quality > 0) return found;
  }
  return LANGUAGES[0];
}

function parseRange(range: string): { tag: string; quality: number } {
  const [tag = '', ...parameters] = range.toLowerCase().split(';');
  const weight = parameters.map((text) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(text)?.[1]);
  return { tag: tag.trim(), quality: Number(weight.find((q) => q !== undefined) ?? 1) };
}
