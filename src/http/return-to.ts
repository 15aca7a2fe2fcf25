import { formTargets, homeOf, type Origins } from './cross-site.ts';

/**
 * Where a form may send somebody afterwards: a path on this site, or an address on a trusted origin
 * or that of APP_URL. Parsed as a browser would, compared by origin and written out anew (ASVS
 * 3.7.2); anything doubtful goes home, as nothing does.
 */
export function safeReturnTo(value: string | undefined, origins: Origins): string {
  if (value === undefined || value.length > MAX_LENGTH) return homeOf(origins);
  const target = UNSAFE.test(value) ? null : targetOf(value, origins);
  // What is not ASCII grows when it is written out, up to more than a header may have.
  return target === null || target.length > MAX_LENGTH ? homeOf(origins) : target;
}

const MAX_LENGTH = 2048;

/** Null: not a place that people may be sent to. */
function targetOf(value: string, origins: Origins): string | null {
  const { base } = origins;
  if (!URL.canParse(value, base)) return null;
  const url = new URL(value, base);
  // The origin of a `blob:` address is that of whoever made it.
  if (!/^https?:$/.test(url.protocol)) return null;
  const path = url.pathname + url.search + url.hash;
  if (formTargets(origins).includes(url.origin)) return url.origin + path;
  // A path that starts with two slashes would be read as a host the next time.
  if (url.origin !== base || url.pathname.startsWith('//')) return null;
  return path;
}

/** Browsers drop tabs and line breaks and read `\` as `/`; nobody means them, encoded or not. */
const UNSAFE = /[\p{Cc}\\\s]|%(?:[01][0-9a-f]|5c|7f)/iu;

/** The address of a page that carries on where somebody wanted to go, as it was sent. */
export function withReturnTo(
  path: string,
  { returnTo }: { returnTo?: string | undefined },
): string {
  if (!returnTo) return path;
  return `${path}${path.includes('?') ? '&' : '?'}returnTo=${encodeURIComponent(returnTo)}`;
}
