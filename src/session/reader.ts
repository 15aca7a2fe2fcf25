import { sameText } from '../constant-time.ts';
import { createMemo } from '../memo.ts';
import type { RedisClient } from '../redis/client.ts';
import { countedFor, type Tally, tallied } from '../tally.ts';
import type { Clock } from '../time.ts';
import type { User, Users } from '../users/users.ts';
import { CARD_TTL, type Card, decodeCard, encodeCard, MARK_TTL, newMark } from './card.ts';
import type { Expiry } from './expiry.ts';
import { cardKey, sessionKey } from './keys.ts';
import { decodeRecord, type SessionRecord, type SignedInRecord } from './record.ts';
import type { Token } from './token.ts';

/** A session as one request found it. */
export interface LiveSession {
  token: Token;
  record: SessionRecord;
  /** The record as it stands in the store, for changing it only while it still does. */
  stored: string;
  /** null: an anonymous session. */
  user: User | null;
}

/** A session of somebody. */
export interface SignedInSession extends LiveSession {
  user: User;
  record: SignedInRecord;
}

export const isSignedIn = (live: LiveSession | null): live is SignedInSession =>
  live !== null && live.user !== null && live.record.login !== null;

export interface ReaderParts {
  redis: RedisClient;
  users: Pick<Users, 'byId'>;
  clock: Clock;
  expiry: Expiry;
}

/** A page asks several times with one session, and what its texts say takes longest to find out. */
const REMEMBERED = 2000;

/**
 * Finds the session and the user of a token: one command when the user's card is there. null: the
 * session is over, or was never there. `tally`: whose cost it is, where that is not `tallied`.
 */
export type ReadSession = (token: Token, tally?: Tally) => Promise<LiveSession | null>;

export function createReader({ redis, users, clock, expiry }: ReaderParts): ReadSession {
  const records = createMemo<SessionRecord>(REMEMBERED);
  const cards = createMemo<Card>(REMEMBERED);

  return async function read(token, tally) {
    const { userId, id } = token;
    const key = sessionKey(userId, id);
    const keys = userId === null ? [key] : [key, cardKey(userId)];
    const [stored = null, cardText = null] = await countedFor(tally, () => redis.get(keys));

    if (stored === null) return null;
    const record = records.get(stored, decodeRecord);
    if (record === null || !sameText(record.digest, token.digest)) return null;
    if (clock.now() >= expiry.endOf(record)) return null;
    if (userId === null) return { token, record, stored, user: null };
    if (record.login === null) return null;

    const card = cards.get(`${userId} ${cardText}`, () => decodeCard(userId, cardText));
    const cached = card.kind === 'user' && card.user.epoch >= record.login.epoch;
    // Somebody is changing the user or loading the card: the row decides, and nothing is cached.
    const load = () => (card.kind === 'mark' ? users.byId(userId) : loadCard(userId, cardText));
    const user = cached ? card.user : await (tally ? tallied(tally, load) : load());
    if (user === null || user.disabled || user.epoch !== record.login.epoch) return null;
    return { token, record, stored, user };
  };

  /**
   * Reads the row under a mark of one's own. A change that begins meanwhile replaces that mark, so
   * a row read before the change can't be cached after it.
   */
  async function loadCard(userId: string, replacing: string | null): Promise<User | null> {
    const key = cardKey(userId);
    const mark = newMark();
    // A card behind the session's epoch, or one that can't be read, makes room in the same step.
    const placed =
      replacing === null
        ? await redis.add(key, mark, MARK_TTL)
        : await redis.compareAndSet(key, replacing, mark, MARK_TTL);
    const user = await users.byId(userId);
    if (placed && user) await redis.compareAndSet(key, mark, encodeCard(user), CARD_TTL);
    return user;
  }
}
