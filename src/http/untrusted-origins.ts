import type { Log } from '../log.ts';

/** So many are told; a client can make up more, and each is kept. */
const MOST = 100;

/** Longest origin that is told whole: a host name has at most 253 characters (RFC 1035 section 2.3.4). */
const LONGEST = 300;

/**
 * Tells the log of each origin whose requests are refused, once, with the setting that would let them
 * pass. Browsers say no more than that a request failed.
 */
export function createUntrustedOrigins(log: Log): (origin: string) => void {
  const told = new Set<string>();
  return function untrusted(origin) {
    const shown = origin.slice(0, LONGEST);
    if (told.size >= MOST || told.has(shown)) return;
    told.add(shown);
    const remedy = `if it is a frontend of yours, set TRUSTED_ORIGINS to its origin`;
    log.warn('an origin that is not trusted was refused', { origin: shown, remedy });
  };
}
