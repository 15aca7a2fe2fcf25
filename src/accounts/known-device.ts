import { createHmac, randomBytes } from 'node:crypto';
import { sameText } from '../constant-time.ts';
import { deriveKey } from '../session/token.ts';

/**
 * Remembers in a cookie who has signed in on a device, so that tries from there are counted apart
 * and a stranger's failures don't lock the owner out (ASVS 6.3.1). It signs nobody in.
 */
export interface KnownDevices {
  /** Names the device for a user who has signed in on it before. null: they have not. */
  idFor(cookie: string | undefined, userId: string): string | null;
  /** The cookie's value once the user has signed in; those who did before stay in it. */
  remember(cookie: string | undefined, userId: string): string;
}

/** Users that one device remembers. The one who signed in longest ago goes first. */
const MAX_USERS = 8;

/** A 128-bit id, then a tag for each user. */
const FORM = /^([\w-]{22})((?:\.[\w-]{22}){1,8})$/;

/** `ID.TAG.TAG…`: a tag is an HMAC-SHA-256, cut to 132 bits, over the id and one user's. */
export function createKnownDevices(secrets: readonly string[]): KnownDevices {
  const keys = secrets.map((secret) => deriveKey(secret, 'gatehouse device'));
  const tagOf = (key: Buffer, id: string, userId: string) =>
    createHmac('sha256', key).update(`${id}.${userId}`).digest('base64url').slice(0, 22);
  const [signingKey] = keys;
  if (!signingKey) throw new Error('createKnownDevices needs at least one secret');

  function parse(cookie: string | undefined): { id: string; tags: string[] } | null {
    const [, id, tags] = FORM.exec(cookie ?? '') ?? [];
    return id === undefined || tags === undefined ? null : { id, tags: tags.slice(1).split('.') };
  }

  function isOf(userId: string, device: { id: string }, tag: string): boolean {
    return keys.some((key) => sameText(tagOf(key, device.id, userId), tag));
  }

  return {
    idFor(cookie, userId) {
      const device = parse(cookie);
      return device?.tags.some((tag) => isOf(userId, device, tag)) ? device.id : null;
    },
    remember(cookie, userId) {
      // An id that nobody was given stays nobody's: its tags are checked, and this one is ours.
      const device = parse(cookie) ?? { id: randomBytes(16).toString('base64url'), tags: [] };
      const others = device.tags.filter((tag) => !isOf(userId, device, tag));
      const tags = [tagOf(signingKey, device.id, userId), ...others].slice(0, MAX_USERS);
      return [device.id, ...tags].join('.');
    },
  };
}
