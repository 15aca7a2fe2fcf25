import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseForm } from '../../src/http/form.ts';
import { LANGUAGES, preferredLanguage } from '../../src/texts/language.ts';
import { anyText, characters, key, runs } from './arbitraries.ts';

const name = fc.oneof(key, fc.string());
const fields = fc.uniqueArray(fc.tuple(name, characters()), { selector: ([field]) => field });

describe('a form', () => {
  it('is read as it was sent, whatever its names and values', () => {
    fc.assert(
      fc.property(fields, (sent) => {
        const read = parseForm(new URLSearchParams(sent).toString());
        expect(Object.entries(read ?? {}).sort()).toEqual([...sent].sort());
      }),
      runs(1000),
    );
  });

  it('is refused with a field given twice, however the name is written', () => {
    const encode = fc.constantFrom(
      (text: string) => encodeURIComponent(text),
      (text: string) => new URLSearchParams([[text, '']]).toString().slice(0, -1),
      (text: string) =>
        Array.from(
          new TextEncoder().encode(text),
          (byte) => `%${byte.toString(16).padStart(2, '0')}`,
        ).join(''),
    );
    fc.assert(
      fc.property(fields, name, encode, encode, fc.nat(), (sent, twice, one, other, n) => {
        const pairs = sent.map((pair) => new URLSearchParams([pair]).toString());
        pairs.push(`${one(twice)}=1`);
        pairs.splice(n % (pairs.length + 1), 0, `${other(twice)}=2`);
        expect(parseForm(pairs.join('&'))).toBeNull();
      }),
      runs(1000),
    );
  });

  it('is refused with bytes that are no UTF-8, and with half an escape', () => {
    const bad = fc.constantFrom(
      '%ff',
      '%c0%af',
      '%ed%a0%80',
      '%f4%90%80%80',
      '%e2%82',
      '%80',
      '%',
      '%a',
      '%zz',
      '%u0041',
    );
    fc.assert(
      fc.property(fields, bad, fc.boolean(), fc.nat(), (sent, wrong, inName, n) => {
        const pairs = sent.map((pair) => new URLSearchParams([pair]).toString());
        pairs.splice(n % (pairs.length + 1), 0, inName ? `${wrong}=x` : `x-${n}=${wrong}`);
        expect(parseForm(pairs.join('&'))).toBeNull();
      }),
      runs(500),
    );
  });

  it('says what every reader of forms would, for any text, or is refused', () => {
    const body = anyText('&', '=', '+', '%', '%41', '%00', '%c3%a9', 'a', 'a=1', '&&');
    fc.assert(
      fc.property(
        body.filter((text) => text.isWellFormed()),
        (text) => {
          const read = parseForm(text);
          if (read === null) return;
          expect(Object.getPrototypeOf(read)).toBeNull();
          expect(Object.entries(read).sort()).toEqual([...new URLSearchParams(`&${text}`)].sort());
        },
      ),
      runs(2000),
    );
  });
});

describe('the language of a page', () => {
  it('is one of ours for any header', () => {
    fc.assert(
      fc.property(anyText('de', 'en', 'de-AT', ';', ',', 'q=', '1', '0', '.5', '*'), (header) => {
        expect(LANGUAGES).toContain(preferredLanguage(header));
      }),
      runs(1000),
    );
  });

  it('is the one of the highest weight, and the first of those', () => {
    const range = fc.record({
      tag: fc.constantFrom('de', 'DE', 'de-AT', 'en', 'en-GB', 'fr', 'den', 'e', '*', 'deutsch'),
      weight: fc.option(fc.nat({ max: 1000 })),
    });
    fc.assert(
      fc.property(
        fc.array(range, { maxLength: 10 }),
        fc.constantFrom('', ' ', '\t'),
        (ranges, gap) => {
          const header = ranges.map(({ tag, weight }) =>
            weight === null ? tag : `${tag}${gap};${gap}q=${(weight / 1000).toFixed(3)}`,
          );
          let best: { language: string; weight: number } = { language: 'en', weight: 0 };
          for (const { tag, weight } of ranges) {
            const language = /^(de|en)(-|$)/i.exec(tag)?.[1]?.toLowerCase();
            if (language && (weight ?? 1000) > best.weight)
              best = { language, weight: weight ?? 1000 };
          }
          expect(preferredLanguage(header.join(`,${gap}`))).toBe(best.language);
        },
      ),
      runs(1000),
    );
  });
});
