import { createHash, createHmac, randomBytes } from 'node:crypto';
import { sameText } from '../constant-time.ts';
import { createMemo } from '../memo.ts';

/** What a token that this server made says. */
export interface Token {
  /** Names the session, and is public: it can revoke, it can't sign in. */
  id: string;
  /** The user it was made for. null: an anonymous visitor. */
  userId: string | null;
  /** What the store keeps in place of the secret. */
  digest: string;
}

export interface Tokens {
  /** Makes a token. With `id`, a new one for a session that there is. */
  issue(userId: string | null, id?: string): { text: string; token: Token };
  /** null: not made by this server, whatever it looks like. Costs no look-up. */
  read(text: string): Token | null;
}

/** 22 characters of id, 43 of secret, 43 of MAC, then the owner. */
const FORM = /^([\w-]{22})\.([\w-]{43})\.([\w-]{43})\.([\w.!~*'()%-]*)$/;
/** Room for an id of 128 characters, each percent-encoded. */
const MAX_LENGTH = 2048;
/** A page asks several times with one token, and its MAC costs more than all else about it. */
const REMEMBERED = 2000;

/** Whether a text looks like a token of this server, genuine or not. */
export const hasTokenForm = (text: string): boolean => text.length <= MAX_LENGTH && FORM.test(text);

/**
 * `ID.SECRET.MAC.OWNER`: a 128-bit id and a 256-bit secret from the system's generator (ASVS 7.2.3
 * asks for 128 bits), and an HMAC-SHA-256 over everything else. The first secret signs, all verify.
 */
export function createTokens(secrets: readonly string[]): Tokens {
  const keys = secrets.map((secret) => deriveKey(secret, 'gatehouse session token'));
  const [signingKey] = keys;
  if (!signingKey) throw new Error('createTokens needs at least one secret');
  // Only genuine ones are remembered, so nobody can fill it with others.
  const genuine = createMemo<Token>(REMEMBERED);

  return {
    issue(userId, id = randomBytes(16).toString('base64url')) {
      const secret = randomBytes(32).toString('base64url');
      const owner = userId === null ? '' : encodeURIComponent(userId);
      const mac = macOf(signingKey, id, secret, owner);
      return {
        text: `${id}.${secret}.${mac}.${owner}`,
        token: { id, userId, digest: digestOf(secret) },
      };
    },
    read: (text) => (text.length > MAX_LENGTH ? null : genuine.get(text, verify)),
  };

  function verify(text: string): Token | null {
    const [, id, secret, mac, owner] = FORM.exec(text) ?? [];
    if (id === undefined || secret === undefined || mac === undefined || owner === undefined) {
      return null;
    }
    if (!keys.some((key) => sameText(macOf(key, id, secret, owner), mac))) return null;
    const userId = owner === '' ? null : decodeURIComponent(owner);
    return { id, userId, digest: digestOf(secret) };
  }
}

/** A key for one purpose, so that nothing signed for another one passes here. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return createHmac('sha256', secret).update(purpose).digest();
}

function macOf(key: Buffer, id: string, secret: string, owner: string): string {
  return createHmac('sha256', key).update(`${id}.${secret}.${owner}`).digest('base64url');
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
