import { sameText } from '../constant-time.ts';
import { createMemo } from '../memo.ts';
import type { RedisClient } from '../redis/client.ts';
import { countedFor, type Tally, tallied } from '../tally.ts';
import type { Clock } from '../time.ts';
import type { User, Users } from '../users/users.ts';
import { CARD_TTL, type Card, decodeCard, encodeCard, MARK_TTL, newMark } from './card.ts';
import type { Expiry } from './expiry.ts';
import { cardKey, sessionKey } from './keys.ts';
import { decodeRecord, GRACE, type SessionRecord, type SignedInRecord } from './record.ts';
import type { Token } from './token.ts';
import { ownerOf } from './token-choice.ts';

/** A session as one request found it. */
export interface LiveSession {
  token: Token;
  record: SessionRecord;
  /** The record as it stands in the store, for changing it only while it still does. */
  stored: string;
  /** null: an anonymous session. */
  user: User | null;
  /** Found by a token that was replaced within `GRACE`: it may read, and writes nothing. */
  readOnly?: true;
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
 * Finds the session and the user of a token with one command, when the cached user is there. Of
 * several tokens, which must be of one user but for anonymous ones, the session counts that lives
 * and was authenticated last, and an anonymous one only when no other lives. Returns null when no
 * session lives. `tally`: whose cost it is, where that is not `tallied`.
 */
export type ReadSession = (tokens: readonly Token[], tally?: Tally) => Promise<LiveSession | null>;

/** A record that its token opens. Whether its owner is still signed in is another question. */
type Opened = Omit<LiveSession, 'user'>;

export function createReader({ redis, users, clock, expiry }: ReaderParts): ReadSession {
  const records = createMemo<SessionRecord>(REMEMBERED);
  const cards = createMemo<Card>(REMEMBERED);

  return async function read(tokens, tally) {
    if (tokens.length === 0) return null;
    const userId = ownerOf(tokens);
    const keys = tokens.map((token) => sessionKey(token.userId, token.id));
    if (userId !== null) keys.push(cardKey(userId));
    const texts = await countedFor(tally, () => redis.get(keys));

    // By loops and not by methods of arrays: this runs for every signed-in request.
    const owned: Opened[] = [];
    let visitor: Opened | null = null;
    let epoch = -1;
    for (let place = 0; place < tokens.length; place += 1) {
      const session = open(tokens[place], texts[place] ?? null);
      if (session === null) continue;
      if (session.record.login === null) visitor = laterOf(visitor, session);
      else {
        owned.push(session);
        epoch = Math.max(epoch, session.record.login.epoch);
      }
    }
    if (userId !== null && owned.length > 0) {
      const cardText = texts[tokens.length] ?? null;
      const card = cards.get(`${userId} ${cardText}`, () => decodeCard(userId, cardText));
      const cached = card.kind === 'user' && card.user.epoch >= epoch;
      // Somebody is changing the user or loading the card: the row decides, and nothing is cached.
      const load = () => (card.kind === 'mark' ? users.byId(userId) : loadCard(userId, cardText));
      const user = cached ? card.user : await (tally ? tallied(tally, load) : load());
      let live: Opened | null = null;
      for (const session of owned) if (user && isOf(session, user)) live = laterOf(live, session);
      if (live) return found(live, user);
    }
    return visitor && found(visitor, null);
  };

  /** Returns null unless the record lives and its token, or the one that was just replaced, fits. */
  function open(token: Token | undefined, stored: string | null): Opened | null {
    if (token === undefined) return null;
    const record = stored === null ? null : records.get(stored, decodeRecord);
    const now = clock.now();
    if (stored === null || record === null || now >= expiry.endOf(record)) return null;
    if ((record.login === null) !== (token.userId === null)) return null;
    if (sameText(record.digest, token.digest)) return { token, record, stored };
    const { login } = record;
    const replaced = login?.replaced;
    if (!replaced || now - replaced.at >= GRACE) return null;
    if (!sameText(replaced.digest, token.digest)) return null;
    const { authenticatedAt } = replaced;
    const before = { ...record, login: { ...login, authenticatedAt } };
    return { token, record: before, stored, readOnly: true };
  }

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

/** Whether a session is one of this user, who has not been disabled, changed or made again since. */
function isOf(session: Opened, user: User): boolean {
  const { login } = session.record;
  if (user.disabled || login === null || login.epoch !== user.epoch) return false;
  return login.userCreatedAt === undefined || login.userCreatedAt === user.createdAt;
}

/** Of two sessions the one that was authenticated last, or of visitors the one used last. */
function laterOf(one: Opened | null, other: Opened): Opened {
  if (one === null) return other;
  if (one.readOnly !== other.readOnly) return one.readOnly ? other : one;
  const at = ({ record }: Opened) => record.login?.authenticatedAt ?? record.lastSeenAt;
  return at(other) > at(one) ? other : one;
}

function found({ token, record, stored, readOnly }: Opened, user: User | null): LiveSession {
  return readOnly ? { token, record, stored, user, readOnly } : { token, record, stored, user };
}
