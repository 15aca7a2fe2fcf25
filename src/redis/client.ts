import type { Milliseconds } from '../time.ts';

/** All records that an index stands for. */
export interface Index {
  /** Key of the sorted set. */
  index: string;
  /** A record's key is `prefix + member`. */
  prefix: string;
}

/** An entry of a sorted set that stands for a record of its own, such as one of a user's sessions. */
export interface IndexedRecord extends Index {
  member: string;
}

export interface NewIndexedRecord extends IndexedRecord {
  value: string;
  /** Order in the index, lowest first to go. */
  score: number;
  /** Life of the record. The index lives as long as the record of it that lives longest. */
  ttl: Milliseconds;
  /** Live records that may stand in the index, the new one included. */
  max: number;
}

/** The place of a record in its index. */
export interface IndexEntry {
  index: string;
  member: string;
  score: number;
}

/** What may be counted so often in a window. */
export interface Counter {
  key: string;
  max: number;
  /** A window starts with the first count, and later counts do not extend it. */
  window: Milliseconds;
}

export interface Counted {
  /** 0 if it was counted. Else nothing was counted, and can be after this time. */
  wait: Milliseconds;
  /** Where it was counted, for `uncount`. */
  counts: Count[];
}

/** One count, and the name of the window that it is in: another window owes nothing for it. */
export interface Count {
  key: string;
  window: string;
}

/** How tries are slowed down that follow on each other. */
export interface Backoff {
  /** So many tries wait for nothing. */
  free: number;
  /** The wait after the last of them; each further try doubles it. */
  first: Milliseconds;
  longest: Milliseconds;
  /** After so many tries nothing is let through any more. */
  stop: number;
  /** Tries are forgotten so long after the last one. */
  keep: Milliseconds;
}

/**
 * What this project asks of Redis, and nothing else. Every method is one command and one round
 * trip. Each rejects with a `Fault` of part `redis` when the store can't be reached in time or
 * answers something that is not understood; what was asked for may then have happened or not.
 */
export interface RedisClient {
  /** Values in the order of the keys. null: absent or expired. */
  get(keys: readonly string[]): Promise<(string | null)[]>;
  /** Stores a value under a key that does not exist. false: it exists, and stays as it is. */
  add(key: string, value: string, ttl: Milliseconds): Promise<boolean>;
  /** Stores a value, whatever is there. */
  put(key: string, value: string, ttl: Milliseconds): Promise<void>;
  /**
   * Replaces a value and its expiry while it still is `expected`, and in the same step moves its
   * `entry` to a new score, or enters it again where the index has lost it. Returns false if the
   * value is another one or is gone; then nothing changes.
   */
  compareAndSet(
    key: string,
    expected: string,
    value: string,
    ttl: Milliseconds,
    entry?: IndexEntry,
  ): Promise<boolean>;
  /** Deletes keys. Deleting what is not there is fine. */
  delete(keys: readonly string[]): Promise<void>;
  /**
   * Stores a record that does not exist, enters it into its index, and past `max` live records
   * deletes others with the lowest score, never the new one: all of it or nothing. false: the record
   * exists. With it go the keys of `deleting`, which share its hash tag.
   */
  addIndexed(record: NewIndexedRecord, deleting?: readonly string[]): Promise<boolean>;
  /** Deletes a record and its entry in the index: both or none. false: there was no record. */
  deleteIndexed(record: IndexedRecord): Promise<boolean>;
  /** The live records of an index with their members, lowest score first. */
  listIndexed(index: Index): Promise<{ member: string; value: string }[]>;
  /**
   * Counts one in every counter, or in none of them if one has reached its `max`. Their keys share
   * a hash tag.
   */
  count(counters: readonly Counter[]): Promise<Counted>;
  /**
   * Takes counts back, and deletes keys of the same hash tag in the same step. A count whose window has ended is not
   * taken back: the window that runs by now has not counted it.
   */
  uncount(counts: readonly Count[], deleting?: readonly string[]): Promise<void>;
  /**
   * Counts one try under `key`, unless it has to wait. The wait stands under `waitKey`, so deleting
   * both keys starts anew.
   */
  countTry(key: string, waitKey: string, backoff: Backoff): Promise<Counted>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  /** Lets go of connections and files. */
  close(): Promise<void>;
}
