import { isLoopback, leadsHere } from './loopback.ts';
import { httpUrl, oneOf, type Settings } from './settings.ts';

/** Where people are led: by links in mail, and by pages when they are done. */
export interface PagesConfig {
  /** The address that the paths of mailed links are put after, without a slash at its end. */
  linksUrl: string;
  /** Where people go home to after signing in or out. Null: to the front page of this server. */
  appUrl: string | null;
  frontPage: FrontPage;
}

/**
 * What `/` shows. `panel`: the session panel with its counter. `account`: nothing, it leads to
 * `appUrl`, or else to the account or the sign-in page.
 */
export type FrontPage = 'panel' | 'account';

/** Throws a `SettingError`. `baseUrl`: the public address of this server. */
export function parsePages(
  settings: Settings,
  { baseUrl, allowInsecure }: { baseUrl: string; allowInsecure: boolean },
): PagesConfig {
  const address = (text: string) => pageAddress(text, allowInsecure);
  // As a browser writes it, with the slash of an origin that has no path.
  const appUrl = settings.get('APP_URL', null, (text) => new URL(address(text)).href);
  const panel = appUrl === null && leadsHere(baseUrl);
  return {
    linksUrl: settings.get('LINKS_URL', baseUrl, address),
    appUrl,
    frontPage: settings.get('FRONT_PAGE', panel ? 'panel' : 'account', oneOf('panel', 'account')),
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
