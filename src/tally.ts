import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, Drizzle } from './db/client.ts';
import type { RedisClient } from './redis/client.ts';

/** What one request has asked of the stores so far. */
export interface Tally {
  /** Redis commands. */
  redis: number;
  /** SQL statements; each one of a batch counts. */
  sql: number;
}

export const newTally = (): Tally => ({ redis: 0, sql: 0 });

const storage = new AsyncLocalStorage<Tally>();
let running = 0;

/** Set while a call is being made, never over an `await`. */
let calling: Tally | undefined;

/** Whose count it is. undefined: nobody's, such as that of a timer. */
const currentTally = (): Tally | undefined => calling ?? storage.getStore();

/**
 * Makes a call whose first command goes to a tally; what it asks for after an `await` does not. For
 * the calls of every signed-in read, which are spared what `tallied` costs.
 */
export function countedFor<T>(tally: Tally | undefined, call: () => T): T {
  if (!tally) return call();
  calling = tally;
  try {
    return call();
  } finally {
    calling = undefined;
  }
}

/** Does work whose commands and statements all go to one tally, however deep they are asked for. */
export async function tallied<T>(tally: Tally, work: () => Promise<T>): Promise<T> {
  running += 1;
  try {
    return await storage.run(tally, work);
  } finally {
    running -= 1;
    if (running === 0) letGo();
  }
}

/**
 * Up to Node 22 a storage in use slows every promise of the process, so it is taken out of use when
 * no work needs it. The Workers platform has no such cost, and no such method.
 */
function letGo(): void {
  const { navigator } = globalThis as { navigator?: { userAgent: string } };
  if (navigator?.userAgent !== 'Cloudflare-Workers') storage.disable();
}

/** A store whose every command is counted. */
export function countedRedis(redis: RedisClient): RedisClient {
  const counted = Object.entries(redis).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      const tally = currentTally();
      if (tally) tally.redis += 1;
      return method.apply(redis, args);
    },
  ]);
  return { ...Object.fromEntries(counted), close: () => redis.close() };
}

/** A database that counts its statements. Those of a busy database are counted once. */
export function countedDatabase(database: Database): Database {
  return {
    run(work) {
      const tally = currentTally();
      if (!tally) return database.run(work);
      const before = tally.sql;
      return database.run((db) => {
        tally.sql = before + 1;
        return work(countingBatches(db, tally));
      });
    },
    close: () => database.close(),
  };
}

/** `run` is one call of the database, which a batch uses for several statements. */
function countingBatches(db: Drizzle, tally: Tally): Drizzle {
  const counting: Drizzle = Object.create(db);
  counting.batch = (statements) => {
    tally.sql += statements.length - 1;
    return db.batch(statements);
  };
  return counting;
}
