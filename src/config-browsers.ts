import { isLoopback } from './loopback.ts';
import { origin, SettingError, type Settings } from './settings.ts';

/** Schemes of apps in a web view and of browser extensions. Their pages have an origin too. */
const APP_SCHEMES = [
  ...['capacitor', 'ionic', 'tauri', 'app'],
  ...['chrome-extension', 'moz-extension', 'safari-web-extension'],
];

const APP_ORIGIN = new RegExp(`^(${APP_SCHEMES.join('|')})://([a-z0-9._-]+(?::\\d{1,5})?)/?$`, 'i');

/** An entry of `TRUSTED_ORIGINS`: the origin of a frontend, as its browser writes it in `Origin`. */
export function trustedOrigin(text: string): string {
  const [, scheme, host] = APP_ORIGIN.exec(text) ?? [];
  // URL lower-cases the hosts of web addresses alone, and an extension's id may have capitals.
  return scheme && host ? `${scheme.toLowerCase()}://${host}` : origin(text);
}

/** Whether pages of an origin come over the web. Nobody can be sent to the others. */
export const isWebOrigin = (origin: string): boolean => /^https?:/.test(origin);

/**
 * The value of `Strict-Transport-Security` (RFC 6797). Returns null where there is none: over plain
 * http browsers ignore it, and on loopback it would turn every other port of the host to https.
 */
export function parseHsts(settings: Settings, baseUrl: string): string | null {
  const value = settings.get('HSTS', 'max-age=63072000; includeSubDomains', hsts);
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === 'https:' && !isLoopback(hostname) ? value : null;
}

const MOST_DAYS = 730;

/** `730d; includeSubDomains`, `730d` or `off`. `0d` tells browsers to forget it. */
function hsts(text: string): string | null {
  if (text === 'off') return null;
  const [, days = '', subDomains] = /^(\d{1,3})d(\s*;\s*includeSubDomains)?$/i.exec(text) ?? [];
  if (days === '' || Number(days) > MOST_DAYS) {
    throw new Error(
      `${JSON.stringify(text)} is neither off nor days such as 730d or 730d; includeSubDomains`,
    );
  }
  return `max-age=${Number(days) * 86_400}${subDomains ? '; includeSubDomains' : ''}`;
}

/** The stem of all names of cookies; a prefix comes before it (RFC 6265 section 4.1.1: a token). */
export function parseCookieName(settings: Settings): string {
  const name = settings.text('COOKIE_NAME') ?? 'gatehouse';
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/i.test(name)) {
    throw new SettingError('COOKIE_NAME', 'is not a name of up to 64 letters, digits, "-", "_"');
  }
  if (/^__/.test(name)) {
    throw new SettingError('COOKIE_NAME', 'starts with "__": the prefix is put before it');
  }
  return name;
}
