import type { Clock } from '../time.ts';
import { digestOf, type LinkPurpose, type LinkTokens } from './link-tokens.ts';

/**
 * Says what a link is for, without taking it. Returns null for one that does not work: unknown, used
 * or expired. Nothing is counted, because nobody guesses 256 bits, and it is one read by a key.
 */
export type LookUpLink = (secret: string) => Promise<LinkPurpose | null>;

/** A secret as it is made; anything else is no link and costs no read. */
const SECRET = /^[\w-]{43}$/;

/** Which links a page is for. */
export type LinkPage = 'reset' | 'verify';

const PURPOSES: Record<LinkPage, readonly LinkPurpose[]> = {
  reset: ['reset', 'handed_over', 'invitation', 'register'],
  verify: ['verification', 'change_email'],
};

export function createLookUpLink(links: Pick<LinkTokens, 'peek'>, clock: Clock) {
  return (page: LinkPage): LookUpLink =>
    async function lookUpLink(secret) {
      if (!SECRET.test(secret)) return null;
      const use = { digest: digestOf(secret), purposes: PURPOSES[page], now: clock.now() };
      return (await links.peek(use))?.purpose ?? null;
    };
}
