import { createHmac, randomBytes } from 'node:crypto';
import { sameText } from '../constant-time.ts';
import { deriveKey } from '../session/token.ts';

/**
 * Remembers in a cookie who has signed in on a device, so that tries from there are counted apart
 * and a stranger's failures don't lock the owner out (ASVS 6.3.1). It signs nobody in.
 */
export interface KnownDevices {
  /** Whether one of these values has the form of a device cookie. */
  areWellFormed(cookies: readonly string[]): boolean;
  /**
   * Returns the ids of the devices that the user has signed in on. A browser may send several device
   * cookies, and each of them counts: a planted one takes nothing from its owner.
   */
  idsFor(cookies: readonly string[], userId: string): string[];
  /** Returns the id in a value that `remember` made. */
  idOf(cookie: string): string;
  /**
   * Returns the cookie's value once the user has signed in; users who did before stay in it.
   *
   * @param known The id of the device if it is known still. Else the id is one that the user has not
   * signed in with: a copy of a cookie that was forgotten stays worthless.
   */
  remember(cookies: readonly string[], userId: string, known: string | null): string;
  /** Returns the one of these users who signed in last on the device, or null if none of them did. */
  lastOf(cookies: readonly string[], userIds: readonly string[]): string | null;
}

/** Users that one device remembers. The one who signed in longest ago goes first. */
const MAX_USERS = 8;

/** Cookies of one request that are looked at. */
const MOST_COOKIES = 4;

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
    const devices: Device[] = [];
    for (const cookie of cookies) {
      const [, id, tags] = FORM.exec(cookie) ?? [];
      if (id === undefined || tags === undefined) continue;
      devices.push({ id, tags: tags.slice(1).split('.') });
      // Each tag costs an HMAC. A browser has one cookie of the name, or a few in different scopes.
      if (devices.length === MOST_COOKIES) break;
    }
    return devices;
  }

  const isOf = (userId: string, { id }: Device, tag: string) =>
    keys.some((key) => sameText(tagOf(key, id, userId), tag));

  const knows = (device: Device, userId: string) =>
    device.tags.some((tag) => isOf(userId, device, tag));

  return {
    areWellFormed: (cookies) => cookies.some((cookie) => FORM.test(cookie)),
    idsFor: (cookies, userId) =>
      parse(cookies)
        .filter((device) => knows(device, userId))
        .map(({ id }) => id),
    idOf: (cookie) => cookie.slice(0, cookie.indexOf('.')),
    remember(cookies, userId, known) {
      // An id that this server gave to nobody is harmless: it counts only with a tag of this server.
      const device = parse(cookies).find((sent) =>
        known === null ? !knows(sent, userId) : sent.id === known,
      ) ?? { id: randomBytes(16).toString('base64url'), tags: [] };
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
