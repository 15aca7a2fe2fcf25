import { isLoopback } from './loopback.ts';
import { httpUrl, type Settings } from './settings.ts';

/** Where people are led: by links in mail, and by pages when they are done. */
export interface PagesConfig {
  /** The address that the paths of mailed links are put after, without a slash at its end. */
  linksUrl: string;
}

/** Throws a `SettingError`. `baseUrl`: the public address of this server. */
export function parsePages(
  settings: Settings,
  { baseUrl, allowInsecure }: { baseUrl: string; allowInsecure: boolean },
): PagesConfig {
  const address = (text: string) => pageAddress(text, allowInsecure);
  return {
    linksUrl: settings.get('LINKS_URL', baseUrl, address),
  };
}

/**
 * The address of pages that people use: https, or http on loopback. Returns it without a slash at
 * its end. The error does not show what was given: an address may carry a password.
 */
function pageAddress(text: string, allowInsecure: boolean): string {
  const { protocol, hostname, username, password, origin, pathname } = httpUrl(text);
  if (username !== '' || password !== '' || /[?#]/.test(text)) {
    throw new Error('is an address with more than scheme, host, port and path');
  }
  if (protocol === 'http:' && !isLoopback(hostname) && !allowInsecure) {
    throw new Error('is plain http off loopback; use https, or set ALLOW_INSECURE=true');
  }
  return origin + pathname.replace(/\/+$/, '');
}
