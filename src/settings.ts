import type { Growth } from './limits/tries.ts';
import type { SettingName } from './setting-names.ts';
import { days, hours, type Milliseconds, minutes, seconds } from './time.ts';
import { hasInvisible } from './users/invisible.ts';

/** A setting that can't be used. Its message names the setting and never shows a secret. */
export class SettingError extends Error {
  constructor(name: string, problem: string) {
    super(`${name}: ${problem}`);
    this.name = 'SettingError';
  }
}

/** Where the program runs; some settings work on one of them only. */
export type Platform = 'node' | 'workers';

export interface Rate {
  count: number;
  window: Milliseconds;
}

/** Reads a value, or throws an `Error` whose message says what is wrong and what would be right. */
type Parser<T> = (text: string) => T;

/** The environment of a process or the bindings of a Worker, read by name. */
export class Settings {
  constructor(private readonly env: Record<string, unknown>) {}

  /**
   * undefined: not set. White space around a value is ignored, and an empty one is not set. A
   * Worker's binding may also be a number or a boolean.
   */
  text(name: SettingName): string | undefined {
    // Some editors begin a file with a byte order mark, which then stands before its first name.
    const value = this.env[name] ?? this.env[`\uFEFF${name}`];
    const text = /^(string|number|boolean)$/.test(typeof value) ? String(value).trim() : '';
    return text === '' ? undefined : text;
  }

  get<T>(name: SettingName, fallback: T, parse: Parser<T>): T {
    const text = this.text(name);
    if (text === undefined) return fallback;
    try {
      return parse(text);
    } catch (error) {
      throw new SettingError(name, error instanceof Error ? error.message : 'is not usable');
    }
  }
}

export function whole(min: number, max: number): Parser<number> {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new Error(`${JSON.stringify(text)} is not a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

export const flag: Parser<boolean> = (text) => {
  if (text !== 'true' && text !== 'false')
    throw new Error(`${JSON.stringify(text)} is neither true nor false`);
  return text === 'true';
};

export function oneOf<T extends string>(...values: T[]): Parser<T> {
  return (text) => {
    const value = values.find((known) => known === text);
    if (value === undefined)
      throw new Error(`${JSON.stringify(text)} is none of ${values.join(', ')}`);
    return value;
  };
}

const UNITS: Record<string, (n: number) => Milliseconds> = {
  s: seconds,
  m: minutes,
  h: hours,
  d: days,
};

/** `30s`, `10m`, `1h`, `14d`; more than nothing and at most 400 days, where browsers stop too. */
export const duration: Parser<Milliseconds> = (text) => {
  const [, amount = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const value = UNITS[unit]?.(Number(amount)) ?? 0;
  if (value <= 0 || value > days(400)) {
    throw new Error(
      `${JSON.stringify(text)} is not a duration such as 30s, 10m, 1h or 14d (at most 400d)`,
    );
  }
  return value;
};

/** As `duration`, of things that last at most so long. `longest`: a whole number of hours. */
export function durationUpTo(longest: Milliseconds): Parser<Milliseconds> {
  return (text) => {
    const value = duration(text);
    if (value > longest)
      throw new Error(`${JSON.stringify(text)} is more than ${longest / hours(1)}h`);
    return value;
  };
}

/** As `durationUpTo`, and `0s` for none. */
export function noneOrUpTo(longest: Milliseconds): Parser<Milliseconds> {
  const some = durationUpTo(longest);
  return (text) => (/^0+[smhd]$/.test(text) ? 0 : some(text));
}

/** `10/10m`: so many in such a window. */
export const rate: Parser<Rate> = (text) => {
  const [, count = '', window = ''] = /^(\d{1,9})\/(\w+)$/.exec(text) ?? [];
  if (Number(count) < 1) throw new Error(`${JSON.stringify(text)} is not a rate such as 10/10m`);
  return { count: Number(count), window: duration(window) };
};

/** `5/30s..1h`: so many free failures, the first wait after them and the longest. */
export const growth: Parser<Growth> = (text) => {
  const [, free = '', first = '', longest = ''] = /^(\d{1,9})\/(\w+)\.\.(\w+)$/.exec(text) ?? [];
  if (Number(free) < 1) {
    throw new Error(`${JSON.stringify(text)} is no growing delay such as 5/30s..1h`);
  }
  const waits = { first: duration(first), longest: duration(longest) };
  if (waits.longest < waits.first) {
    throw new Error(`${JSON.stringify(text)}: the longest delay is shorter than the first`);
  }
  return { free: Number(free), ...waits };
};

/** Text that can stand in the subject of a mail, and reads there as it is written. */
export const oneLine: Parser<string> = (text) => {
  if (/\p{Cc}/u.test(text)) throw new Error('holds a line break or another control character');
  if (hasInvisible(text)) throw new Error('holds a character that nobody sees');
  return text;
};

export const list: Parser<string[]> = (text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Several, with commas between them. What is wrong names the one that it is wrong with. */
export function listOf<T>(parse: Parser<T>): Parser<T[]> {
  return (text) =>
    list(text).map((part) => {
      try {
        return parse(part);
      } catch (error) {
        // An address may carry a password.
        const which = part.includes('@') ? 'one of them' : JSON.stringify(part);
        throw new Error(`${which}: ${error instanceof Error ? error.message : 'is not usable'}`);
      }
    });
}

/** `https://example.com`, as browsers write it in `Origin`. */
export const origin: Parser<string> = (text) => {
  if (text.includes('*')) throw new Error('has a wildcard; name each origin, with commas between');
  const url = httpUrl(text);
  if (!/^https?:\/\/[^\s/\\?#@]+\/?$/i.test(text)) {
    throw new Error(`"${url.origin}" is expected: scheme, host and port, without a path`);
  }
  return url.origin;
};

/** An absolute http or https address. What was given is not shown: it may carry a password. */
export const httpUrl: Parser<URL> = (text) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new Error('is not an address that starts with https:// or http://');
  }
  return url;
};

/** A domain that the host of an address is below of, for a cookie that its sibling hosts get too. */
export function parentDomain(text: string, address: string): string {
  const domain = text.toLowerCase().replace(/^\./, '');
  const { hostname } = new URL(address);
  const isName = /^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(domain);
  if (!isName || (hostname !== domain && !hostname.endsWith(`.${domain}`))) {
    throw new Error(`"${text}" is not a parent domain of ${hostname}, the host of BASE_URL`);
  }
  return domain;
}
