import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalEmail } from '../../src/users/email.ts';
import { anyText, runs } from './arbitraries.ts';

/** Atoms and labels parted by single dots, lower case, as mail goes to it. */
const FORM =
  /^(?=.{3,254}$)(?=[^@]{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{1,63}$/;

const atom = fc.string({
  unit: fc.constantFrom(..."abcxyzABC019!#$%&'*+/=?^_`{|}~-"),
  minLength: 1,
  maxLength: 12,
});
const local = fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => atoms.join('.'));
const label = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,10}[a-zA-Z0-9])?$/),
  fc.string({ unit: fc.constantFrom(...'aéñöüčžдяюαλω語日本中'), minLength: 1, maxLength: 8 }),
);
const domain = fc
  .tuple(
    fc.array(label, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('com', 'de', 'рф', 'Example'),
  )
  .map(([labels, last]) => [...labels, last].join('.'));
const address = fc.tuple(local, domain).map((parts) => parts.join('@'));

/** Other spellings of an address that mean the same. */
const SPELLINGS: ((text: string) => string)[] = [
  (text) => text.toUpperCase(),
  (text) => text.normalize('NFD'),
  (text) => text.normalize('NFC'),
  (text) => `\t ${text}\r\n`,
  (text) => `\u00a0\u3000${text}\ufeff`,
  (text) => text.replace(/[^@]+$/, (name) => new URL(`http://${name}`).hostname),
];

const odd = anyText(
  '@',
  '.',
  'ada',
  'example.com',
  'xn--',
  'K',
  'ı',
  '\uff20',
  '\u00ad',
  'é',
  ',',
  '"',
);

describe('the canonical form of an address', () => {
  it('is lower-case ASCII of the one strict form, and its own canonical form, or there is none', () => {
    let forms = 0;
    fc.assert(
      fc.property(fc.oneof(address, odd), (text) => {
        const canonical = canonicalEmail(text);
        if (canonical === null) return;
        forms += 1;
        expect(canonical).toMatch(FORM);
        expect(canonicalEmail(canonical)).toBe(canonical);
      }),
      runs(3000),
    );
    expect(forms).toBeGreaterThan(1000);
  });

  it('is the same for every spelling in another case, composition, notation or white space', () => {
    const spelling = fc.array(fc.constantFrom(...SPELLINGS), { minLength: 1, maxLength: 3 });
    let forms = 0;
    fc.assert(
      fc.property(address, spelling, (text, spellings) => {
        const canonical = canonicalEmail(text);
        if (canonical === null) return;
        forms += 1;
        const spelt = spellings.reduce((spelled, change) => change(spelled), text);
        expect(canonicalEmail(spelt)).toBe(canonical);
      }),
      runs(2000),
    );
    expect(forms).toBeGreaterThan(1000);
  });

  it('is refused past 254 characters, or 64 before the at-sign', () => {
    const labels = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), labels, (before, lengths) => {
        const name = `${lengths.map((length) => 'b'.repeat(length)).join('.')}.com`;
        const text = `${'a'.repeat(before)}@${name}`;
        const fits = before <= 64 && lengths.every((length) => length <= 63) && text.length <= 254;
        expect(canonicalEmail(text)).toBe(fits ? text : null);
      }),
      runs(500),
    );
  });

  it('holds no control, comma, quote or second at-sign, wherever one stands', () => {
    const bad = fc.constantFrom(...'\0\t\n\v\r\u007f\u0085\u200b\u2028\ufeff ,;:"<>()[]\\@');
    fc.assert(
      fc.property(address, bad, fc.nat(), (text, char, n) => {
        const at = 1 + (n % (text.length - 1));
        expect(canonicalEmail(text.slice(0, at) + char + text.slice(at))).toBeNull();
      }),
      runs(1000),
    );
  });
});

describe('of all characters of Unicode beyond ASCII', () => {
  // Private use and the planes behind it hold nothing that has a case or a composition.
  const chars = Array.from({ length: 0x2_fa1e - 0x80 }, (_, i) => i + 0x80)
    .filter((code) => code < 0xd800 || code > 0xf8ff)
    .map((code) => String.fromCodePoint(code));

  it('none stands before the at-sign', () => {
    expect(chars.filter((char) => canonicalEmail(`a${char}b@example.com`) !== null)).toEqual([]);
  });

  it('none makes a domain meet one in ASCII', () => {
    const meets = (char: string) => {
      const canonical = canonicalEmail(`ada@a${char}b.com`);
      return canonical !== null && !canonical.startsWith('ada@xn--');
    };
    expect(chars.filter(meets)).toEqual([]);
  });

  it('no two meet in one domain that differ by more than case or composition', () => {
    const met = new Map<string, string>();
    const twins: string[] = [];
    for (const char of chars) {
      const canonical = canonicalEmail(`ada@a${char}b.com`);
      if (canonical === null) continue;
      const plain = char.normalize('NFC').toLowerCase();
      if ((met.get(canonical) ?? plain) !== plain) twins.push(`${met.get(canonical)} ${plain}`);
      met.set(canonical, plain);
    }
    expect(met.size).toBeGreaterThan(50_000);
    expect(twins).toEqual([]);
  });
});
