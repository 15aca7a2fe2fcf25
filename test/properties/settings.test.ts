import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  duration,
  flag,
  list,
  origin,
  rate,
  SettingError,
  Settings,
  whole,
} from '../../src/settings.ts';
import { days } from '../../src/time.ts';
import { anyText, runs } from './arbitraries.ts';
import { read } from './reading.ts';

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const amount = fc.oneof(fc.nat({ max: 100 }), fc.nat());
const length = fc.tuple(amount, fc.constantFrom(...Object.keys(UNITS)));
const odd = anyText(
  '1',
  '0',
  '-',
  '+',
  '.',
  'e',
  's',
  'm',
  'h',
  'd',
  '/',
  ' ',
  '٣',
  '１',
  'Infinity',
  '0x1',
);

describe('a duration', () => {
  it('is so many of its unit, more than none and at most 400 days', () => {
    fc.assert(
      fc.property(length, ([count, unit]) => {
        const span = count * (UNITS[unit] ?? 0);
        const fits = count < 1e9 && span > 0 && span <= days(400);
        expect(read(duration, count + unit)).toBe(fits ? span : undefined);
      }),
      runs(1000),
    );
  });

  it('is written in one way, and anything else is refused', () => {
    fc.assert(
      fc.property(odd, (text) => {
        const span = read(duration, text);
        if (span === undefined) return;
        expect(text).toMatch(/^[0-9]+[smhd]$/);
        expect(span > 0 && span <= days(400) && span % 1000 === 0).toBe(true);
      }),
      runs(2000),
    );
  });
});

describe('a rate', () => {
  it('is a count and a window', () => {
    fc.assert(
      fc.property(amount, length, (count, [n, unit]) => {
        const window = read(duration, n + unit);
        const fits = count > 0 && count < 1e9 && window !== undefined;
        expect(read(rate, `${count}/${n}${unit}`)).toEqual(fits ? { count, window } : undefined);
      }),
      runs(1000),
    );
  });

  it('is written in one way, and anything else is refused', () => {
    fc.assert(
      fc.property(odd, (text) => {
        if (read(rate, text)) expect(text).toMatch(/^[0-9]+\/[0-9]+[smhd]$/);
      }),
      runs(2000),
    );
  });
});

describe('a whole number', () => {
  it('is one in its range, and anything else is refused', () => {
    const number = fc.oneof(
      amount.map(String),
      fc.double().map(String),
      fc.bigInt().map(String),
      odd,
    );
    fc.assert(
      fc.property(number, fc.nat({ max: 50 }), fc.nat(), (text, min, more) => {
        const max = min + more;
        const value = /^[0-9]+$/.test(text) ? BigInt(text) : -1n;
        const fits = value >= min && value <= max;
        expect(read(whole(min, max), text)).toBe(fits ? Number(value) : undefined);
      }),
      runs(2000),
    );
  });
});

describe('a list', () => {
  it('is its parts without the white space around them, and without empty ones', () => {
    const part = fc
      .oneof(fc.string(), fc.constant(''), fc.constant('  '))
      .map((text) => text.replaceAll(',', ''));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const expected = parts.map((text) => text.trim()).filter((text) => text !== '');
        expect(list(parts.map((text) => ` ${text}\t`).join(','))).toEqual(expected);
        expect(list(expected.join(','))).toEqual(expected);
      }),
      runs(500),
    );
  });
});

describe('a setting', () => {
  it('is its value or its default, or is refused by name', () => {
    const value = fc.oneof(
      odd,
      fc.boolean(),
      fc.double(),
      fc.constantFrom(null, undefined, {}, [], 'true'),
    );
    fc.assert(
      fc.property(value, (given) => {
        const settings = new Settings({ PORT: given });
        for (const parse of [duration, rate, flag, whole(1, 10), origin, list] as const) {
          try {
            const found = settings.get<unknown>('PORT', 'fallback', parse);
            if (found === 'fallback') expect(settings.text('PORT')).toBeUndefined();
          } catch (error) {
            expect(error).toBeInstanceOf(SettingError);
            expect((error as Error).message).toMatch(/^PORT: /);
          }
        }
      }),
      runs(1000),
    );
  });
});
