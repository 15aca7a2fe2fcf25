import type { Refusal } from '../errors.ts';
import { createTries, type Growth } from '../limits/tries.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Identifier, User } from '../users/users.ts';
import type { KnownDevices } from './known-device.ts';

/** One login, as it counts against its account. */
export interface AccountTry {
  /** Counts it before it is made. null: go on. */
  take(): Promise<Refusal | null>;
  /** It was none, such as one that nobody had time for. */
  giveBack(): Promise<void>;
  /** What to delete when it went well, so that the next one waits for nothing. */
  keys: string[];
}

/** Failed logins in a row by account; those from a device that the account knows count apart. */
export interface AccountTries {
  /** An account that is not there is counted like one that is. `device`: the device cookies. */
  of(identifier: Identifier, user: User | null, device: readonly string[]): AccountTry;
  /** Forgets the failures of strangers. */
  clear(userId: string): Promise<void>;
}

export function createAccountTries(
  redis: RedisClient,
  growth: Growth,
  devices: Pick<KnownDevices, 'idFor'>,
): AccountTries {
  const strangers = createTries(redis, { name: 'login', growth });
  // Whoever has signed in here before may always try again after a while.
  const known = createTries(redis, { name: 'login-device', growth, stops: false });

  return {
    of(identifier, user, device) {
      const deviceId = user && devices.idFor(device, user.id);
      const tries = deviceId ? known : strangers;
      const account = user ? `id ${user.id}` : Object.entries(identifier).flat().join(' ');
      // By epoch: what ends all sessions, such as a reset, starts anew on every device.
      const subject = deviceId ? `${account} ${user.epoch} ${deviceId}` : account;
      return {
        take: () => tries.take(subject),
        giveBack: () => tries.giveBack(subject),
        keys: tries.keysOf(subject),
      };
    },
    clear: (userId) => redis.delete(strangers.keysOf(`id ${userId}`)),
  };
}
