import { createHmac, randomBytes } from 'node:crypto';
import { sameText } from '../constant-time.ts';
import { deriveKey } from '../session/token.ts';

/**
 * Remembers in a cookie who has signed in on a device, so that tries from there are counted apart
 * and a stranger's failures don't lock the owner out (ASVS 6.3.1). It signs nobody in.
 */
export interface KnownDevices {
  /**
   * Returns the id of the device if the user has signed in on it before, else null. A browser may
   * send several device cookies, and each of them counts: a planted one takes nothing from its owner.
   */
  idFor(cookies: readonly string[], userId: string): string | null;
  /** Returns the cookie's value once the user has signed in; users who did before stay in it. */
  remember(cookies: readonly string[], userId: string): string;
  /** Returns the one of these users who signed in last on the device, or null if none of them did. */
  lastOf(cookies: readonly string[], userIds: readonly string[]): string | null;
}

/** Users that one device remembers. The one who signed in longest ago goes first. */
const MAX_USERS = 8;

/** A 128-bit id, then a tag for each user. */
const FORM = /^([\w-]{22})((?:\.[\w-]{22}){1,8})$/;

interface Device {
  id: string;
  tags: string[];
}

/** `ID.TAG.TAG…`: a tag is an HMAC-SHA-256, cut to 132 bits, over the id and one user's. */
export function createKnownDevices(secrets: readonly string[]): KnownDevices {
  const keys = secrets.map((secret) => deriveKey(secret, 'gatehouse device'));
  const tagOf = (key: Buffer, id: string, userId: string) =>
    createHmac('sha256', key).update(`${id}.${userId}`).digest('base64url').slice(0, 22);
  const [signingKey] = keys;
  if (!signingKey) throw new Error('createKnownDevices needs at least one secret');

  /** The devices that well-formed cookies name. Whose their tags are is checked by `knows`. */
  function parse(cookies: readonly string[]): Device[] {
    return cookies.flatMap((cookie) => {
      const [, id, tags] = FORM.exec(cookie) ?? [];
      return id === undefined || tags === undefined ? [] : [{ id, tags: tags.slice(1).split('.') }];
    });
  }

  const isOf = (userId: string, { id }: Device, tag: string) =>
    keys.some((key) => sameText(tagOf(key, id, userId), tag));

  const knows = (device: Device, userId: string) =>
    device.tags.some((tag) => isOf(userId, device, tag));

  return {
    idFor: (cookies, userId) => parse(cookies).find((device) => knows(device, userId))?.id ?? null,
    remember(cookies, userId) {
      const devices = parse(cookies);
      // An id that this server gave to nobody is harmless: it counts only with a tag of this server.
      const device = devices.find((sent) => knows(sent, userId)) ??
        devices[0] ?? { id: randomBytes(16).toString('base64url'), tags: [] };
      const others = device.tags.filter((tag) => !isOf(userId, device, tag));
      const tags = [tagOf(signingKey, device.id, userId), ...others].slice(0, MAX_USERS);
      return [device.id, ...tags].join('.');
    },
    lastOf(cookies, userIds) {
      for (const device of parse(cookies)) {
        // `remember` puts whoever signs in first.
        for (const tag of device.tags) {
          const user = userIds.find((userId) => isOf(userId, device, tag));
          if (user !== undefined) return user;
        }
      }
      return null;
    },
  };
}
