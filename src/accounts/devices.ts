import type { Caller } from '../caller.ts';
import type { Events } from '../events/events.ts';
import type { Log } from '../log.ts';
import { type Clock, days, hours, type Milliseconds } from '../time.ts';
import type { Companion } from '../users/companion.ts';
import { type Device, type DeviceTable, type DeviceUse, deviceDigest } from '../users/devices.ts';
import type { User, UserWithPassword } from '../users/users.ts';
import type { KnownDevices } from './known-device.ts';

/** The device cookies of a request; null for a program that keeps none. */
export type DeviceCookies = readonly string[] | null;

/** A cookie and the table say the same; each use starts it anew. */
export const DEVICE_REMEMBERED: Milliseconds = days(180);

/** Uses within this time are one, so that most logins on a known device write nothing. */
const USED_AGAIN: Milliseconds = hours(1);

/** A user as far as their devices go. */
export interface DeviceOwner extends Pick<UserWithPassword, 'devices'> {
  user: Pick<User, 'id'>;
}

/** The devices that users have signed in on, which are counted apart (ASVS 6.3.1). */
export interface Devices {
  /** Whether a request carries what may be a device cookie. Costs nothing. */
  mayBeKnown(cookies: readonly string[]): boolean;
  /** Returns the device of the request that the user has signed in on, or null. */
  knownOf(cookies: readonly string[], found: DeviceOwner): DeviceUse | null;
  /**
   * Makes the device of a request known after a sign-in or a proof of the password, and returns its
   * cookie. Returns null for a program. A database that fails is no reason to refuse the sign-in.
   */
  remember(cookies: DeviceCookies, found: UserWithPassword, by: Caller): Promise<string | null>;
  /**
   * What goes with a new account or a new password: every other device is forgotten, and the one of
   * the request is known from then on, by a new cookie.
   */
  startAnew(userId: string, cookies: DeviceCookies, by: Caller): NewCookie;
  list(user: Pick<User, 'id'>): Promise<Device[]>;
  /** Forgets one device. Returns false if the user has no such device. */
  forget(userId: string, id: string, by: Caller): Promise<boolean>;
  forgetAll(userId: string, by: Caller): Promise<void>;
}

export interface NewCookie {
  companions: Companion[];
  /** null for a program. */
  cookie: string | null;
}

/** What goes with a change of a user after which no device is known any more. */
export const forgetDevices = (): Companion => ({ forgetDevices: true });

export interface DeviceParts {
  table: DeviceTable;
  known: KnownDevices;
  events: Pick<Events, 'record'>;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}

export function createDevices({ table, known, events, clock, log }: DeviceParts): Devices {
  const use = (cookie: string, { userAgent }: Caller) => ({
    id: deviceDigest(known.idOf(cookie)),
    userAgent,
    at: clock.now(),
  });

  /** The id in a cookie, and its row, where a device is known by both. */
  function find(cookies: readonly string[], { user, devices }: DeviceOwner) {
    for (const cookieId of known.idsFor(cookies, user.id)) {
      const row = devices.find(({ id }) => id === deviceDigest(cookieId));
      if (row && row.lastUsedAt > clock.now() - DEVICE_REMEMBERED) return { cookieId, row };
    }
    return null;
  }

  return {
    mayBeKnown: (cookies) => known.areWellFormed(cookies),
    knownOf: (cookies, found) => find(cookies, found)?.row ?? null,
    async remember(cookies, found, by) {
      if (cookies === null) return null;
      const { user } = found;
      const device = find(cookies, found);
      const cookie = known.remember(cookies, user.id, device?.cookieId ?? null);
      if (device && clock.now() - device.row.lastUsedAt < USED_AGAIN) return cookie;
      try {
        await table.remember(user, use(cookie, by));
      } catch (error) {
        log.warn('a device was not remembered', { requestId: by.requestId, error });
      }
      return cookie;
    },
    startAnew(userId, cookies, by) {
      if (cookies === null) return { companions: [forgetDevices()], cookie: null };
      const cookie = known.remember(cookies, userId, null);
      const companions = [forgetDevices(), { knownDevice: use(cookie, by) }];
      return { companions, cookie };
    },
    list: ({ id }) => table.list(id),
    async forget(userId, id, by) {
      const existed = await table.forget(userId, id);
      if (existed) events.record({ kind: 'device_forgotten', userId, actorId: userId, by });
      return existed;
    },
    async forgetAll(userId, by) {
      if ((await table.forgetAll(userId)) === 0) return;
      events.record({ kind: 'device_forgotten', userId, actorId: userId, by });
    },
  };
}
