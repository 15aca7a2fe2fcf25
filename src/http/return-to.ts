import type { Origins } from './cross-site.ts';

/**
 * Where a form may send somebody afterwards: a path on this site, or an address on a trusted
 * origin. Parsed as a browser would, compared by origin and written out anew (ASVS 3.7.2); anything
 * doubtful goes to `/`.
 */
export function safeReturnTo(value: string | undefined, origins: Origins): string {
  if (value === undefined || UNSAFE.test(value)) return '/';
  const target = targetOf(value, origins);
  // What is not ASCII grows when it is written out, up to more than a header may have.
  return target.length > MAX_LENGTH ? '/' : target;
}

const MAX_LENGTH = 2048;

function targetOf(value: string, { base, trusted }: Origins): string {
  if (!URL.canParse(value, base)) return '/';
  const url = new URL(value, base);
  // The origin of a `blob:` address is that of whoever made it.
  if (!/^https?:$/.test(url.protocol)) return '/';
  const path = url.pathname + url.search + url.hash;
  if (trusted.includes(url.origin)) return url.origin + path;
  // A path that starts with two slashes would be read as a host the next time.
  if (url.origin !== base || url.pathname.startsWith('//')) return '/';
  return path;
}

/** Browsers drop tabs and line breaks and read `\` as `/`; nobody means them, encoded or not. */
const UNSAFE = /[\p{Cc}\\\s]|%(?:[01][0-9a-f]|5c|7f)/iu;
