import { type Refusal, refusal } from '../errors.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Clock, Milliseconds } from '../time.ts';
import type { Expiry } from './expiry.ts';
import { indexKey, sessionKey } from './keys.ts';
import type { LiveSession } from './reader.ts';
import { decodeRecord, encodeRecord, GRACE, type SessionRecord } from './record.ts';
import type { Token } from './token.ts';
import { atOnce, type InTurn } from './write-turns.ts';

/**
 * What a request does to a record. Applied again to what others wrote meanwhile, so it must not
 * depend on the record as it was read. null: it can't be done to this record.
 */
export type RecordChange = (record: SessionRecord) => SessionRecord | null;

/**
 * `gone`: the session ended meanwhile, and stays ended. `conflict`: others kept writing at the same
 * time. `impossible`: the change answered null.
 */
export type SaveOutcome = { kind: 'saved'; session: LiveSession } | { kind: SaveFailure };
export type SaveFailure = 'gone' | 'conflict' | 'impossible';

/** What a save that failed means to whoever asked for it, unless they know why it was impossible. */
export const refusalOf = (failure: SaveFailure): Refusal =>
  refusal(failure === 'conflict' ? 'conflict' : 'not_signed_in');

export interface Saving {
  /** Changes a record while it still is this session's. Any write counts as use. */
  save(session: LiveSession, change: RecordChange): Promise<SaveOutcome>;
  /**
   * As `save`, for a change that must not be lost half-way: looks whether a write whose answer did
   * not come was carried out, and tries again. Rejects with a `Fault` when that does not help.
   */
  saveForSure(session: LiveSession, change: RecordChange): Promise<SaveOutcome>;
  /** Whether a tenth of its idle timeout has passed since it was last written that it was used. */
  renewalDue(session: LiveSession): boolean;
  /** Writes that the session was used. */
  renew(session: LiveSession): Promise<void>;
}

export interface SavingParts {
  redis: RedisClient;
  clock: Clock;
  expiry: Expiry;
  /** How the writers of one session follow each other in this process. */
  inTurn?: InTurn | undefined;
}

/** Enough for twenty writers at once, because those who lose a round wait by chance, ever longer. */
const TRIES = 8;
const SPREAD: Milliseconds = 8;
const LONGEST_PAUSE: Milliseconds = 1000;

export function createSaving({ redis, clock, expiry, inTurn = atOnce }: SavingParts): Saving {
  /** The record as it is when used now. The clock of another machine may have been ahead. */
  function touched(record: SessionRecord): SessionRecord {
    const now = clock.now();
    const lastSeenAt = Math.max(record.lastSeenAt, now);
    const { replaced, ...login } = record.login ?? {};
    if (!record.login || !replaced || now - replaced.at < GRACE) return { ...record, lastSeenAt };
    return { ...record, lastSeenAt, login: login as SessionRecord['login'] };
  }

  /** Replaces what stands in the store. The session moves to the end of its owner's index. */
  function replace({ userId, id }: Token, expected: string, next: SessionRecord, stored: string) {
    const ttl = expiry.left(next, clock.now());
    const key = sessionKey(userId, id);
    if (userId === null) return redis.compareAndSet(key, expected, stored, ttl);
    const entry = { index: indexKey(userId), member: id, score: next.lastSeenAt };
    return redis.compareAndSet(key, expected, stored, ttl, entry);
  }

  function save(
    session: LiveSession,
    change: RecordChange,
    how: { patient: boolean },
  ): Promise<SaveOutcome> {
    const { token } = session;
    return inTurn<SaveOutcome>(sessionKey(token.userId, token.id), async (previous) => {
      if (previous?.kind !== 'saved') return replaceBy(session, session, change, how);
      // What the writer before has stored is newer than what this request has read.
      const { record, stored } = previous.session;
      if (record.digest !== token.digest) return { kind: 'gone' };
      return replaceBy(session, { record, stored }, change, how);
    });
  }

  async function replaceBy(
    session: LiveSession,
    found: Pick<LiveSession, 'record' | 'stored'>,
    change: RecordChange,
    { patient }: { patient: boolean },
  ): Promise<SaveOutcome> {
    const { token } = session;
    const key = sessionKey(token.userId, token.id);
    let current = found;
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const changed = change(current.record);
      if (changed === null) return { kind: 'impossible' };
      const next = touched(changed);
      const stored = encodeRecord(next);
      const saved = { kind: 'saved', session: { ...session, record: next, stored } } as const;
      const started = performance.now();
      const written = replace(token, current.stored, next, stored);
      if (await (patient ? written.catch(() => false) : written)) return saved;
      // Those who lost together part ways by chance, wider apart where a round trip takes longer.
      const spread = Math.max(SPREAD, performance.now() - started);
      await pause(Math.random() * Math.min(spread * 2 ** attempt, LONGEST_PAUSE));
      const [text = null] = await redis.get([key]);
      if (patient && text === stored) return saved;
      const record = decodeRecord(text);
      // Gone, or renewed with another token: what ended stays ended.
      if (text === null || record?.digest !== token.digest) return { kind: 'gone' };
      current = { record, stored: text };
    }
    return { kind: 'conflict' };
  }

  return {
    save: (session, change) => save(session, change, { patient: false }),
    saveForSure: (session, change) => save(session, change, { patient: true }),
    renewalDue: ({ record }) => expiry.renewalDue(record, clock.now()),
    async renew({ token, record, stored }) {
      const next = touched(record);
      // Losing to another writer is nothing: that one was activity too.
      await replace(token, stored, next, encodeRecord(next));
    },
  };
}

const pause = (span: Milliseconds) => new Promise<void>((resolve) => setTimeout(resolve, span));
