import type { User } from '../accounts/users.ts';
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
   * Takes away the records of sessions that the user's new epoch has ended; they would only take up
   * room. `except` stays. Answers how many were live until then.
   */
  sweep(user: Pick<User, 'id' | 'epoch'>, except?: string): Promise<number>;
}

export interface OwnedSessionParts {
  redis: RedisClient;
  clock: Clock;
  expiry: Pick<Expiry, 'endOf'>;
}

export function createOwnedSessions({ redis, clock, expiry }: OwnedSessionParts): OwnedSessions {
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
    async sweep({ id: userId, epoch }, except) {
      const sessions = await all(userId);
      const ended = sessions.filter(
        ({ id, record }) => id !== except && record.login.epoch < epoch,
      );
      if (ended.length > 0) await redis.delete(ended.map(({ id }) => sessionKey(userId, id)));
      return ended.filter(({ record }) => record.login.epoch === epoch - 1).length;
    },
  };
}
