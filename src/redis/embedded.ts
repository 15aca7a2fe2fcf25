import Sqlite from 'libsql';
import { Fault } from '../errors.ts';
import { reasonOf } from '../fault-reason.ts';
import { retryWhileBusy } from '../sqlite-busy.ts';
import { type Clock, minutes, systemClock } from '../time.ts';
import type { RedisClient } from './client.ts';
import { windowName } from './commands.ts';

export interface EmbeddedOptions {
  /** Path of the file, or `:memory:`. */
  path: string;
  clock?: Clock;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS record (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS record_expiry ON record (expires_at);
  CREATE TABLE IF NOT EXISTS entry (
    key TEXT NOT NULL, member TEXT NOT NULL, score REAL NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (key, member)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entry_expiry ON entry (expires_at);`;

/**
 * The embedded store: the port on a libSQL file, for one process. Every method does its work
 * synchronously in one transaction, which is what makes it atomic.
 */
export function createEmbedded({ path, clock = systemClock }: EmbeddedOptions): RedisClient {
  const db = new Sqlite(path);
  db.pragma('journal_mode = WAL');
  // A logout that was answered outlives a loss of power.
  db.pragma('synchronous = FULL');
  db.pragma('busy_timeout = 1000');
  db.exec(SCHEMA);
  // From here on waiting is left to `retryWhileBusy`, which does not stop the process.
  db.pragma('busy_timeout = 0');

  const select = db.prepare('SELECT value FROM record WHERE key = ? AND expires_at > ?');
  // A statement each would cost twice as much on every signed-in request.
  const selectTwo = db
    .prepare(`SELECT (SELECT value FROM record WHERE key = ?1 AND expires_at > ?3),
      (SELECT value FROM record WHERE key = ?2 AND expires_at > ?3)`)
    .raw();
  const put = db.prepare('INSERT OR REPLACE INTO record (key, value, expires_at) VALUES (?, ?, ?)');
  const running = db.prepare(
    'SELECT value, expires_at FROM record WHERE key = ? AND expires_at > ?',
  );
  const change = db.prepare('UPDATE record SET value = ? WHERE key = ?');
  const remove = db.prepare('DELETE FROM record WHERE key = ?');
  const enter = db.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)');
  const forget = db.prepare(`DELETE FROM entry WHERE key = ? AND NOT EXISTS
    (SELECT 1 FROM record WHERE record.key = ? || entry.member AND record.expires_at > ?)`);
  const list = db.prepare(`SELECT member, value FROM entry JOIN record
    ON record.key = ? || entry.member WHERE entry.key = ? AND record.expires_at > ?
    ORDER BY score, member`);
  const excess = db.prepare(`SELECT member FROM entry WHERE key = ? AND member <> ?
    ORDER BY score DESC, member DESC LIMIT -1 OFFSET ?`);
  const leave = db.prepare('DELETE FROM entry WHERE key = ? AND member = ?');
  const sweeps = ['record', 'entry'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE expires_at <= ?`),
  );

  const read = (key: string): string | null =>
    (select.get(key, clock.now()) as { value: string } | undefined)?.value ?? null;
  const write = (key: string, value: string, ttl: number) => put.run(key, value, clock.now() + ttl);

  /** A count with the name of its window: that of a new one where none is running. */
  function readCount(key: string, now: number) {
    const row = running.get(key, now) as { value: string; expires_at: number } | undefined;
    const [, count, name] = /^(\d+) (.*)$/.exec(row?.value ?? '') ?? [];
    return {
      count: Number(count ?? 0),
      name: name ?? windowName(),
      expiresAt: row?.expires_at ?? null,
    };
  }
  const countText = (count: number, name: string) => `${count} ${name}`;

  /** One transaction, so that a crash in the middle leaves nothing half done. */
  const atomic = <T>(work: () => T): Promise<T> => patiently(() => transaction(work));

  /** As `atomic`, for counts: a loss of power may take the last ones with it, so no disk is waited for. */
  const atomicCount = <T>(work: () => T): Promise<T> =>
    patiently(() => {
      db.pragma('synchronous = NORMAL');
      try {
        return transaction(work);
      } finally {
        db.pragma('synchronous = FULL');
      }
    });

  function transaction<T>(work: () => T): T {
    // Refused here or nowhere, because a statement that is refused in between holds on to a snapshot.
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  async function patiently<T>(work: () => T): Promise<T> {
    try {
      return await retryWhileBusy(() => opened(work));
    } catch (error) {
      throw faultOf(error);
    }
  }

  /** For reads, which wait for no writer. */
  function guarded<T>(work: () => T): T {
    try {
      return opened(work);
    } catch (error) {
      throw faultOf(error);
    }
  }

  function opened<T>(work: () => T): T {
    // A prepared statement goes on working after its database was closed.
    if (!db.open) throw new Fault('redis', 'closed');
    return work();
  }

  function sweep() {
    const now = clock.now();
    atomic(() => {
      for (const statement of sweeps) statement.run(now);
    }).catch(() => {
      // Held by another process for now. What has expired is not read anyway, and goes next time.
    });
  }
  const sweeping = setInterval(sweep, minutes(1));
  sweeping.unref();

  return {
    async get(keys) {
      return guarded(() =>
        keys.length === 2 ? (selectTwo.get([...keys, clock.now()]) as string[]) : keys.map(read),
      );
    },
    async add(key, value, ttl) {
      return atomic(() => {
        if (read(key) !== null) return false;
        write(key, value, ttl);
        return true;
      });
    },
    async put(key, value, ttl) {
      await atomic(() => write(key, value, ttl));
    },
    async compareAndSet(key, expected, value, ttl, entry) {
      return atomic(() => {
        if (read(key) !== expected) return false;
        write(key, value, ttl);
        if (entry) enter.run(entry.index, entry.member, entry.score, clock.now() + ttl);
        return true;
      });
    },
    async delete(keys) {
      await atomic(() => {
        for (const key of keys) remove.run(key);
      });
    },
    async addIndexed({ index, prefix, member, value, score, ttl, max }, deleting = []) {
      return atomic(() => {
        if (read(prefix + member) !== null) return false;
        for (const key of deleting) remove.run(key);
        write(prefix + member, value, ttl);
        enter.run(index, member, score, clock.now() + ttl);
        forget.run(index, prefix, clock.now());
        for (const least of excess.all(index, member, max - 1) as { member: string }[]) {
          remove.run(prefix + least.member);
          leave.run(index, least.member);
        }
        return true;
      });
    },
    async deleteIndexed({ index, prefix, member }) {
      return atomic(() => {
        const existed = read(prefix + member) !== null;
        remove.run(prefix + member);
        leave.run(index, member);
        return existed;
      });
    },
    async listIndexed({ index, prefix }) {
      return guarded(() => list.all(prefix, index, clock.now()) as never);
    },
    async count(counters) {
      return atomicCount(() => {
        const now = clock.now();
        const states = counters.map((counter) => ({ ...counter, ...readCount(counter.key, now) }));
        const full = states.filter(({ count, max }) => count >= max);
        if (full.length > 0) {
          return {
            wait: Math.max(...full.map(({ expiresAt }) => (expiresAt ?? now) - now)),
            counts: [],
          };
        }
        const counts = states.map(({ key, count, name, window, expiresAt }) => {
          put.run(key, countText(count + 1, name), expiresAt ?? now + window);
          return { key, window: name };
        });
        return { wait: 0, counts };
      });
    },
    async uncount(counts, deleting = []) {
      await atomicCount(() => {
        for (const { key, window } of counts) {
          const { count, name } = readCount(key, clock.now());
          if (name === window && count > 0) change.run(countText(count - 1, name), key);
        }
        for (const key of deleting) remove.run(key);
      });
    },
    async countTry(key, waitKey, { free, first, longest, stop, keep }) {
      return atomicCount(() => {
        const now = clock.now();
        const waiting = running.get(waitKey, now) as { expires_at: number } | undefined;
        if (waiting) return { wait: waiting.expires_at - now, counts: [] };
        const { count: before, name } = readCount(key, now);
        if (before >= stop) return { wait: longest, counts: [] };
        const count = before + 1;
        write(key, countText(count, name), keep);
        if (count >= free) write(waitKey, '', Math.min(first * 2 ** (count - free), longest));
        return { wait: 0, counts: [{ key, window: name }] };
      });
    },
    async ping() {
      guarded(() => read(''));
    },
    async close() {
      clearInterval(sweeping);
      db.close();
    },
  };
}

const faultOf = (error: unknown): Fault =>
  error instanceof Fault ? error : new Fault('redis', reasonOf(error));
