import type { Result } from '../errors.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Clock, Milliseconds } from '../time.ts';
import type { User } from '../users/users.ts';
import { decodeCard } from './card.ts';
import type { Expiry } from './expiry.ts';
import { cardKey, indexKey, sessionKey, sessionPrefix } from './keys.ts';
import { isSignedIn, type LiveSession, type ReadSession, type SignedInSession } from './reader.ts';
import { decodeRecord, encodeRecord, type SessionData, type SignedInRecord } from './record.ts';
import { refusalOf, type Saving } from './saving.ts';
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
  /** What the session starts with. */
  data: SessionData;
  /** Keys of the user's hash tag that are deleted with it, such as counts of failures. */
  deleting?: readonly string[];
}

/** A session with a token that was just made, and the only time that the token is seen. */
export interface NewSession {
  token: string;
  session: LiveSession;
}

export interface NewSignedInSession extends NewSession {
  session: SignedInSession;
}

export interface Sessions extends Saving {
  read: ReadSession;
  /**
   * Signs a user in. The row must have been read from the database in this request: its epoch goes
   * into the session, so that a login which checked an old password carries an old epoch.
   */
  signIn(user: User, signIn: SignIn): Promise<NewSignedInSession>;
  /** Starts a session for a visitor who is not signed in. */
  startAnonymous(data: SessionData): Promise<NewSession>;
  /**
   * Gives a session a new token, in place of the old one, after its owner proved who they are
   * again. The row must have been read or written in this request; a change of the row that ended
   * the user's sessions names the epoch `from` which this one is taken along. The old token ends at
   * once after such a change, else it reads for `GRACE`. `not_signed_in`: the session is of another
   * epoch, so it had been ended.
   */
  renewToken(
    session: SignedInSession,
    user: User,
    from?: number,
  ): Promise<Result<NewSignedInSession>>;
  /**
   * When the session that a token names was given a new token in its place; now, if that may be under
   * way. null: it was not, or the session is over.
   */
  renewedAt(token: Token): Promise<Milliseconds | null>;
  /** Ends the session that a token names. false: there was none of a user any more. */
  end(token: Pick<Token, 'id' | 'userId'>): Promise<boolean>;
}

export interface SessionParts {
  redis: RedisClient;
  tokens: Tokens;
  read: ReadSession;
  saving: Saving;
  clock: Clock;
  expiry: Expiry;
  maxPerUser: number;
}

const ID_TAKEN = 'a new session id was taken: the random generator is broken';

export function createSessions(parts: SessionParts): Sessions {
  const { redis, tokens, read, saving, clock, expiry, maxPerUser } = parts;
  return {
    read,
    ...saving,
    async signIn(user, { device, remember, methods, data, deleting }) {
      const { text, token } = tokens.issue(user.id);
      const now = clock.now();
      const record: SignedInRecord = {
        digest: token.digest,
        createdAt: now,
        lastSeenAt: now,
        data,
        login: {
          epoch: user.epoch,
          userCreatedAt: user.createdAt,
          authenticatedAt: now,
          absoluteExpiresAt: expiry.absoluteEnd(remember, now),
          remember,
          methods,
          ip: device.ip,
          userAgent: device.userAgent,
        },
      };
      const stored = encodeRecord(record);
      const indexed = {
        index: indexKey(user.id),
        prefix: sessionPrefix(user.id),
        member: token.id,
        value: stored,
        score: now,
        ttl: expiry.left(record, now),
        max: maxPerUser,
      };
      const added = await redis.addIndexed(indexed, deleting);
      if (!added) throw new Error(ID_TAKEN);
      return { token: text, session: { token, record, stored, user } };
    },
    async startAnonymous(data) {
      const { text, token } = tokens.issue(null);
      const now = clock.now();
      const record = { digest: token.digest, createdAt: now, lastSeenAt: now, data, login: null };
      const stored = encodeRecord(record);
      const key = sessionKey(null, token.id);
      if (!(await redis.add(key, stored, expiry.left(record, now)))) throw new Error(ID_TAKEN);
      return { token: text, session: { token, record, stored, user: null } };
    },
    async renewToken(session, user, from) {
      const { text, token } = tokens.issue(user.id, session.token.id);
      const saved = await saving.saveForSure(session, (record) => {
        // Signed in before the user's sessions were ended: proving it again does not bring it back.
        if (record.login?.epoch !== (from ?? user.epoch)) return null;
        const { replaced: _, ...before } = record.login;
        const at = clock.now();
        const { authenticatedAt } = before;
        const login = { ...before, epoch: user.epoch, authenticatedAt: at };
        const reading = { replaced: { digest: record.digest, at, authenticatedAt } };
        return {
          ...record,
          digest: token.digest,
          login: from === undefined ? { ...login, ...reading } : login,
        };
      });
      if (saved.kind !== 'saved') return refusalOf(saved.kind);
      const renewed = { ...saved.session, token, user };
      if (!isSignedIn(renewed)) throw new Error('a renewed session lost its login');
      return { ok: true, token: text, session: renewed };
    },
    async renewedAt({ userId, id, digest }) {
      if (userId === null) return null;
      const keys = [sessionKey(userId, id), cardKey(userId)];
      const [stored = null, card = null] = await redis.get(keys);
      const record = decodeRecord(stored);
      if (!record?.login) return null;
      if (record.digest !== digest) return record.login.authenticatedAt;
      // Whoever changes the user puts a mark there, and renews this token after that.
      return decodeCard(userId, card).kind === 'mark' ? clock.now() : null;
    },
    async end({ userId, id }) {
      if (userId === null) {
        await redis.delete([sessionKey(null, id)]);
        return true;
      }
      const owned = { index: indexKey(userId), prefix: sessionPrefix(userId), member: id };
      return redis.deleteIndexed(owned);
    },
  };
}
