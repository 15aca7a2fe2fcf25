import type { RedisClient } from '../redis/client.ts';
import type { Clock } from '../time.ts';
import type { User } from '../users/users.ts';
import type { Expiry } from './expiry.ts';
import { indexKey, sessionPrefix } from './keys.ts';
import { decodeRecord, type SignedInRecord } from './record.ts';

export interface OwnedSession {
  id: string;
  record: SignedInRecord;
}

/** The sessions of one user, for listing and ending them. */
export interface OwnedSessions {
  /** Those with a record, also when a change of the user has ended them; oldest first. */
  all(userId: string): Promise<OwnedSession[]>;
  /** Those that are live, newest first. `ahead`: what `all` answers, asked for already. */
  list(
    user: Pick<User, 'id' | 'epoch'>,
    ahead?: Promise<OwnedSession[]> | undefined,
  ): Promise<OwnedSession[]>;
  /** false: the user has no such session. */
  revoke(userId: string, id: string): Promise<boolean>;
}

export interface OwnedSessionParts {
  redis: RedisClient;
  clock: Clock;
  expiry: Pick<Expiry, 'endOf'>;
}

export function createOwnedSessions(parts: OwnedSessionParts): OwnedSessions {
  const { redis, clock, expiry } = parts;
  async function all(userId: string): Promise<OwnedSession[]> {
    const owner = { index: indexKey(userId), prefix: sessionPrefix(userId) };
    const found = await redis.listIndexed(owner);
    const sessions = found.flatMap(({ member, value }) => {
      const record = decodeRecord(value);
      if (!record?.login || clock.now() >= expiry.endOf(record)) return [];
      return [{ id: member, record: { ...record, login: record.login } }];
    });
    // The index goes by last use.
    return sessions.sort((one, other) => one.record.createdAt - other.record.createdAt);
  }

  return {
    all,
    async list({ id, epoch }, ahead = all(id)) {
      const sessions = await ahead;
      return sessions.filter(({ record }) => record.login.epoch === epoch).reverse();
    },
    revoke(userId, id) {
      const owned = { index: indexKey(userId), prefix: sessionPrefix(userId), member: id };
      return redis.deleteIndexed(owned);
    },
  };
}
