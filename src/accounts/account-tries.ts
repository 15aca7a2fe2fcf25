import { createHash } from 'node:crypto';
import type { Refusal } from '../errors.ts';
import type { Try } from '../limits/limits.ts';
import { createTries, type Growth, keysOf, STOP } from '../limits/tries.ts';
import type { RedisClient } from '../redis/client.ts';
import { deviceFailuresKey, failuresKey, proofFailuresKey } from '../session/keys.ts';
import { days } from '../time.ts';
import type { Identifier, User } from '../users/users.ts';

/** One login, as it counts against its account. */
export interface AccountTry {
  /** Counts it before it is made. */
  take(): Promise<Try | Refusal>;
  /**
   * What to delete when it went well, so that the next one waits for nothing, and so that live sessions
   * may prove their password again. The keys share the hash
   * tag of the user's sessions.
   */
  keys: string[];
}

/** Failed logins in a row by account; those from a device that the account knows count apart. */
export interface AccountTries {
  /** A login from anywhere. An account that is not there is counted like one that is. */
  ofStranger(identifier: Identifier, user: User | null): AccountTry;
  /** A login from a device that the user has signed in on before. */
  ofDevice(user: User, deviceId: string): AccountTry;
  /** Forgets the failures of strangers, and those of the account's sessions. */
  clear(userId: string): Promise<void>;
}

/**
 * @param setting The setting that a refusal names, for a developer.
 */
export function createAccountTries(
  redis: RedisClient,
  growth: Growth,
  setting?: string | undefined,
): AccountTries {
  const keep = days(30);
  const strangers = createTries(redis, { ...growth, stop: STOP, keep }, setting);
  // Names that nobody has are made up without end, so their counts outlive the longest delay and no
  // more. Until then they are counted like any account.
  const shortly = 2 * growth.longest;
  const nobodys = createTries(redis, { ...growth, stop: STOP, keep: shortly }, setting);
  // A user who has signed in here before can try again after a while, however often it failed.
  const stop = Number.MAX_SAFE_INTEGER;
  const devices = createTries(redis, { ...growth, stop, keep }, setting);

  return {
    ofStranger(identifier, user) {
      const key = user ? failuresKey(user.id) : nameKey(identifier);
      const proofs = user ? [proofFailuresKey(user.id)] : [];
      return {
        take: () => (user ? strangers : nobodys).take(key),
        keys: [...keysOf(key), ...proofs],
      };
    },
    ofDevice({ id, epoch }, deviceId) {
      // By epoch: what ends all sessions, such as a reset, starts anew on every device.
      const key = deviceFailuresKey(id, epoch, deviceId);
      return { take: () => devices.take(key), keys: [...keysOf(key), proofFailuresKey(id)] };
    },
    clear: (userId) => redis.delete([...keysOf(failuresKey(userId)), proofFailuresKey(userId)]),
  };
}

/** A digest: a name that nobody has may still be somebody's address, or a password typed amiss. */
function nameKey(identifier: Identifier): string {
  const name = Object.entries(identifier).flat().join(' ');
  return `gh:f:{${createHash('sha256').update(name).digest('base64url').slice(0, 22)}}`;
}
