import type { RedisClient } from '../redis/client.ts';
import type { Clock } from '../time.ts';
import type { Expiry } from './expiry.ts';
import { indexKey, sessionPrefix } from './keys.ts';
import type { SignedInSession } from './reader.ts';
import { decodeRecord, type SignedInRecord } from './record.ts';

export interface OwnedSession {
  id: string;
  record: SignedInRecord;
}

/** The sessions of one user, for listing and ending them. */
export interface OwnedSessions {
  /** Those with a record, also when a change of the user has ended them; oldest first. */
  all(userId: string): Promise<OwnedSession[]>;
  /**
   * Those that are live, newest first. The one that the user asks with is among them also when the
   * store has evicted the index.
   */
  list(current: SignedInSession): Promise<OwnedSession[]>;
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
    return byAge(sessions);
  }

  return {
    all,
    async list(current) {
      const sessions = withCurrent(await all(current.user.id), current);
      const { epoch } = current.user;
      return sessions.filter(({ record }) => record.login.epoch === epoch).reverse();
    },
    revoke(userId, id) {
      const owned = { index: indexKey(userId), prefix: sessionPrefix(userId), member: id };
      return redis.deleteIndexed(owned);
    },
  };
}

const byAge = (sessions: OwnedSession[]) =>
  sessions.sort((one, other) => one.record.createdAt - other.record.createdAt);

/** A store that is full may evict the index and keep the sessions: then this one is all that is known. */
export function withCurrent(
  sessions: OwnedSession[],
  { token: { id }, record }: SignedInSession,
): OwnedSession[] {
  if (sessions.some((session) => session.id === id)) return sessions;
  return byAge([...sessions, { id, record }]);
}
