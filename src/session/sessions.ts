import type { User } from '../accounts/users.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Clock } from '../time.ts';
import type { Expiry } from './expiry.ts';
import { indexKey, sessionKey, sessionPrefix } from './keys.ts';
import type { LiveSession, ReadSession } from './reader.ts';
import {
  decodeRecord,
  emptyData,
  encodeRecord,
  type SessionData,
  type SessionRecord,
} from './record.ts';
import type { Token, Tokens } from './token.ts';

/** Where a login came from, for the owner to recognise. */
export interface Device {
  ip: string | null;
  userAgent: string | null;
}

export interface SignIn {
  device: Device;
  remember: boolean;
  /** How the person proved who they are: `password`. */
  methods: string[];
}

/** What one request did to the session data, key by key, so that parallel requests both count. */
export interface DataChange {
  values: Map<string, unknown>;
  flash: Map<string, unknown>;
}

/** A session that was just made, and the only time that its token is seen. */
export interface NewSession {
  token: string;
  session: LiveSession;
}

export interface Sessions {
  read: ReadSession;
  /**
   * Signs a user in. The row must have been read from the database in this request: its epoch goes
   * into the session, so that a login which checked an old password carries an old epoch.
   */
  signIn(user: User, signIn: SignIn): Promise<NewSession>;
  /** Starts a session for a visitor who is not signed in. */
  startAnonymous(data: SessionData): Promise<NewSession>;
  /**
   * Writes what a request changed. `gone`: the session ended meanwhile, and stays ended.
   * `conflict`: others wrote at the same time, three times over.
   */
  save(session: LiveSession, change: DataChange): Promise<'saved' | 'gone' | 'conflict'>;
  /** Writes that the session was used, at most once in a tenth of its idle timeout. */
  renew(session: LiveSession): Promise<void>;
  /** Ends the session that a token names. Fine when it is over already. */
  end(token: Token): Promise<void>;
}

export interface SessionParts {
  redis: RedisClient;
  tokens: Tokens;
  read: ReadSession;
  clock: Clock;
  expiry: Expiry;
  maxPerUser: number;
}

const SAVE_TRIES = 3;

export function createSessions(parts: SessionParts): Sessions {
  const { redis, tokens, read, clock, expiry, maxPerUser } = parts;
  const ttlOf = (record: SessionRecord) => expiry.endOf(record) - clock.now();
  /** The record as it is when used now. The clock of another machine may have been ahead. */
  const touched = (record: SessionRecord): SessionRecord => ({
    ...record,
    lastSeenAt: Math.max(record.lastSeenAt, clock.now()),
  });

  return {
    read,
    async signIn(user, { device, remember, methods }) {
      const { text, token } = tokens.issue(user.id);
      const now = clock.now();
      const record: SessionRecord = {
        digest: token.digest,
        createdAt: now,
        lastSeenAt: now,
        data: emptyData(),
        login: {
          epoch: user.epoch,
          authenticatedAt: now,
          absoluteExpiresAt: expiry.absoluteEnd(remember, now),
          remember,
          methods,
          ...device,
        },
      };
      const stored = encodeRecord(record);
      const added = await redis.addIndexed({
        index: indexKey(user.id),
        prefix: sessionPrefix(user.id),
        member: token.id,
        value: stored,
        score: now,
        ttl: ttlOf(record),
        indexTtl: expiry.longest,
        max: maxPerUser,
      });
      if (!added) throw new Error('a new session id was taken: the random generator is broken');
      return { token: text, session: { token, record, stored, user } };
    },
    async startAnonymous(data) {
      const { text, token } = tokens.issue(null);
      const now = clock.now();
      const record = { digest: token.digest, createdAt: now, lastSeenAt: now, data, login: null };
      const stored = encodeRecord(record);
      await redis.add(sessionKey(null, token.id), stored, ttlOf(record));
      return { token: text, session: { token, record, stored, user: null } };
    },
    async save({ token, record, stored }, change) {
      const key = sessionKey(token.userId, token.id);
      let current = { record, stored };
      for (let attempt = 0; attempt < SAVE_TRIES; attempt += 1) {
        const next = touched({ ...current.record, data: changed(current.record.data, change) });
        const value = encodeRecord(next);
        if (await redis.compareAndSet(key, current.stored, value, ttlOf(next))) return 'saved';
        const [found = null] = await redis.get([key]);
        const again = decodeRecord(found);
        // Gone, or renewed with another token: what ended stays ended.
        if (found === null || again?.digest !== token.digest) return 'gone';
        current = { record: again, stored: found };
      }
      return 'conflict';
    },
    async renew({ token, record, stored }) {
      if (!expiry.renewalDue(record, clock.now())) return;
      const next = touched(record);
      // Losing to another writer is nothing: that one was activity too.
      const key = sessionKey(token.userId, token.id);
      await redis.compareAndSet(key, stored, encodeRecord(next), ttlOf(next));
    },
    async end({ userId, id }) {
      if (userId === null) await redis.delete([sessionKey(null, id)]);
      else {
        const owned = { index: indexKey(userId), prefix: sessionPrefix(userId), member: id };
        await redis.deleteIndexed(owned);
      }
    },
  };
}

function changed(data: SessionData, change: DataChange): SessionData {
  const copy = emptyData();
  for (const part of ['values', 'flash'] as const) {
    Object.assign(copy[part], data[part]);
    for (const [key, value] of change[part]) {
      if (value === undefined) delete copy[part][key];
      else copy[part][key] = value;
    }
  }
  return copy;
}
