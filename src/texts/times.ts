import { days, hours, type Milliseconds, minutes } from '../time.ts';
import type { Language } from './language.ts';

/** Days before months, so that no date can be read as another. */
const LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };

/** Making one costs more than using it a thousand times. */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

/** `13 days 23 hours`, `59 minutes`: the two largest units that say something, rounded up. */
export function lasting(language: Language, span: Milliseconds): string {
  const total = Math.max(1, Math.ceil(span / minutes(1))) * minutes(1);
  const units = [
    ['day', Math.floor(total / days(1))],
    ['hour', Math.floor(total / hours(1)) % 24],
    ['minute', Math.floor(total / minutes(1)) % 60],
  ] as const;
  const first = units.findIndex(([, count]) => count > 0);
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => counted(language, unit).format(count))
    .join(' ');
}

/** `20 Nov 2026, 19:00 UTC`: a server can't know a visitor's time zone, so it says its own. */
export function moment(language: Language, at: Milliseconds): string {
  return `${dated(language).format(at)} UTC`;
}

function counted(language: Language, unit: string): Intl.NumberFormat {
  const options = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return once(language + unit, () => new Intl.NumberFormat(LOCALES[language], options));
}

function dated(language: Language): Intl.DateTimeFormat {
  const options = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' } as const;
  return once(language, () => new Intl.DateTimeFormat(LOCALES[language], options));
}

function once<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const format = (made.get(key) as T | undefined) ?? make();
  made.set(key, format);
  return format;
}
