import type { LinkPurpose } from './link-tokens.ts';

/** Returns the address that a link of some purpose leads to. `secret` is the link's own. */
export type LinkAddress = (purpose: LinkPurpose, secret: string) => string;

/** The part of the address before the secret. */
const PATHS: Record<LinkPurpose, string> = {
  register: '/reset?token=',
  invitation: '/reset?token=',
  reset: '/reset?token=',
  handed_over: '/reset?token=',
  verification: '/verify?token=',
  change_email: '/verify?change&token=',
};

/**
 * The only maker of addresses with a secret in them. They start with `linksUrl` (LINKS_URL) alone,
 * never with what a request says of its host.
 */
export function createLinkAddress(linksUrl: string): LinkAddress {
  return (purpose, secret) => linksUrl + PATHS[purpose] + secret;
}
