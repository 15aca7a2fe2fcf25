import type { User } from '../accounts/users.ts';
import type { Log } from '../log.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Clock } from '../time.ts';
import type { Expiry } from './expiry.ts';
import { indexKey, sessionKey, sessionPrefix } from './keys.ts';
import { decodeRecord, type SignedInRecord } from './record.ts';

export interface OwnedSession {
  id: string;
  record: SignedInRecord;
}

/** The sessions of one user, for listing and ending them. */
export interface OwnedSessions {
  /** Those that are live, newest first. */
  list(user: Pick<User, 'id' | 'epoch'>): Promise<OwnedSession[]>;
  /** false: the user has no such session. */
  revoke(userId: string, id: string): Promise<boolean>;
  /**
   * Takes away records of sessions that have ended. They would only take up room until they expire,
   * so this never rejects.
   */
  forget(userId: string, sessions: readonly OwnedSession[]): Promise<void>;
}

export interface OwnedSessionParts {
  redis: RedisClient;
  clock: Clock;
  expiry: Pick<Expiry, 'endOf'>;
  log: Log;
}

export function createOwnedSessions(parts: OwnedSessionParts): OwnedSessions {
  const { redis, clock, expiry, log } = parts;
  async function all(userId: string): Promise<OwnedSession[]> {
    const owner = { index: indexKey(userId), prefix: sessionPrefix(userId) };
    const found = await redis.listIndexed(owner);
    return found.flatMap(({ member, value }) => {
      const record = decodeRecord(value);
      if (!record?.login || clock.now() >= expiry.endOf(record)) return [];
      return [{ id: member, record: { ...record, login: record.login } }];
    });
  }

  return {
    async list({ id, epoch }) {
      const sessions = await all(id);
      return sessions.filter(({ record }) => record.login.epoch === epoch).reverse();
    },
    revoke(userId, id) {
      const owned = { index: indexKey(userId), prefix: sessionPrefix(userId), member: id };
      return redis.deleteIndexed(owned);
    },
    async forget(userId, sessions) {
      try {
        await redis.delete(sessions.map(({ id }) => sessionKey(userId, id)));
      } catch (error) {
        log.warn('records of ended sessions were left to expire', { error });
      }
    },
  };
}
