import { isLoopback } from './loopback.ts';
import type { Settings } from './settings.ts';

/** How the pages look. */
export interface LookConfig {
  /** The address of an image, or a path on this site; null: the project's own mark. */
  logo: string | null;
  /** `#rrggbb`, in lower case. */
  color: string;
  /** The address of one more stylesheet, after ours, or a path on this site; null: none. */
  stylesheet: string | null;
}

/** The look without files of other hosts. */
export function ownFilesOnly(look: LookConfig): LookConfig {
  const own = (address: string | null) => (address?.startsWith('/') ? address : null);
  return { ...look, logo: own(look.logo), stylesheet: own(look.stylesheet) };
}

/** A calm green that is read well on both light and dark. */
export const COLOR = '#2c6152';

/** Throws a `SettingError`. */
export function parseLook(settings: Settings): LookConfig {
  return {
    logo: settings.get('APP_LOGO_URL', null, asset),
    color: settings.get('APP_COLOR', COLOR, color),
    stylesheet: settings.get('APP_STYLESHEET', null, asset),
  };
}

function color(text: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(text)) {
    throw new Error(`${JSON.stringify(text)} is not a colour such as ${COLOR}`);
  }
  return text.toLowerCase();
}

/** What was given is not shown: an address may carry a password. */
function asset(text: string): string {
  const isPath = /^\/(?![/\\])/.test(text);
  const url = URL.canParse(text, 'https://here.invalid')
    ? new URL(text, 'https://here.invalid')
    : null;
  const { protocol, hostname, pathname, username, password } = url ?? {};
  const isAddress = /^https?:\/\//i.test(text) && username === '' && password === '';
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname ?? ''));
  // A policy whose path ends in a slash would allow everything below it.
  if (!url || !(isPath || isAddress) || !isSafe || pathname?.endsWith('/')) {
    throw new Error('is neither the https:// address of a file nor its path here: /brand/file');
  }
  return isPath ? url.pathname + url.search : url.href;
}
