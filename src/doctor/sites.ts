import { parse } from 'tldts';

const LISTED = { allowPrivateDomains: true };

/**
 * The site that an address belongs to, as browsers compare sites for `SameSite`: the scheme and the
 * domain that somebody registered, by the public suffix list; where there is none, such as for
 * `localhost` or an IP address, the host. Ports do not count.
 */
export function siteOf(address: string): string {
  const { protocol, hostname } = new URL(address);
  return `${protocol}//${registeredDomain(hostname) ?? hostname}`;
}

/** null: there is none, as for `localhost`, an IP address, or `vercel.app` itself. */
export const registeredDomain = (hostname: string): string | null => parse(hostname, LISTED).domain;

/** Below such a domain anybody can have a name, so browsers keep no cookie for it. */
export function isPublicSuffix(domain: string): boolean {
  const { domain: registered, publicSuffix } = parse(domain, LISTED);
  return registered === null && publicSuffix === domain;
}
