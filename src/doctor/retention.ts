import type { RedisConfig } from '../config-stores.ts';
import { createDeadlines } from '../redis/deadlines.ts';
import { createFetchTransport } from '../redis/fetch-transport.ts';
import { type Milliseconds, seconds } from '../time.ts';
import { type Finding, findingsOn } from './findings.ts';

const { ok, warn } = findingsOn('store');

/** How a Redis keeps what it was given. Null: it does not say. */
export interface Retention {
  /** `maxmemory-policy`: what it deletes when its memory is full. */
  policy: string | null;
  /** Each write is appended to a file (`appendonly`). */
  appends: boolean | null;
  /** The whole memory is written to a file now and then (`save`). */
  snapshots: boolean | null;
}

const TIMEOUT: Milliseconds = seconds(2);

/** Carries out one command of those that `readRetention` asks. */
type Ask = (command: string[]) => Promise<unknown>;

/**
 * Asks a Redis server how it keeps what it is given. `RedisClient` has no such command, so
 * this takes a connection of its own. Managed services often refuse `CONFIG`, some `INFO` too.
 */
export async function readRetention(redis: Exclude<RedisConfig, { kind: 'embedded' }>) {
  if (redis.kind === 'rest') {
    const transport = createFetchTransport({ ...redis, timeout: TIMEOUT });
    return askRetention(async (command) => {
      const answer = (await transport.post([], command)) as { result?: unknown } | null;
      return answer?.result;
    });
  }
  const { openConnection } = await import('../redis/tcp-connection.ts');
  const deadlines = createDeadlines(TIMEOUT);
  const connection = openConnection(redis.url, TIMEOUT, () => {});
  try {
    return await askRetention((command) => deadlines.limit(connection.send(command)));
  } finally {
    deadlines.stop();
    connection.destroy();
  }
}

async function askRetention(ask: Ask): Promise<Retention> {
  // A refusal is an answer too: then it can't be seen.
  const info = await ask(['INFO']).catch(() => null);
  const save = await ask(['CONFIG', 'GET', 'save']).catch(() => null);
  const appends = fieldOf(info, 'aof_enabled');
  return {
    policy: fieldOf(info, 'maxmemory_policy'),
    appends: appends === null ? null : appends === '1',
    snapshots: Array.isArray(save) && save[0] === 'save' ? save[1] !== '' : null,
  };
}

/** Only what can be a value is taken: it is printed. */
function fieldOf(info: unknown, name: string): string | null {
  if (typeof info !== 'string') return null;
  return new RegExp(`^${name}:([a-z0-9-]{1,40})\\r?$`, 'm').exec(info)?.[1] ?? null;
}

/** What of it lets sessions vanish, or sessions that were ended come back. */
export const judgeRetention = (name: string, retention: Retention): Finding[] => [
  judgePolicy(name, retention),
  judgePersistence(name, retention),
];

function judgePolicy(name: string, { policy }: Retention): Finding {
  const remedy = 'maxmemory-policy noeviction';
  if (policy === null) {
    return warn(
      `What ${name} deletes when its memory is full can not be seen from here. It should delete ` +
        `nothing: ${remedy}, or at a provider: eviction off.`,
    );
  }
  if (policy === 'noeviction') return ok('Nothing is deleted when the memory is full.');
  // volatile-* too: all keys of this server expire.
  return warn(
    `maxmemory-policy ${policy} deletes sessions when the memory is full: people are signed out, ` +
      `lists of sessions have gaps, and limits forget. Set ${remedy}.`,
  );
}

function judgePersistence(name: string, { appends, snapshots }: Retention): Finding {
  if (appends) return ok('What is written is kept over a restart (appendonly yes).');
  const remedy = 'Set appendonly yes';
  if (appends === null) {
    return warn(
      `Whether ${name} keeps what is written over a restart can not be seen from here. It should ` +
        'keep each write: appendonly yes, or at a provider: persistence by an append-only file.',
    );
  }
  if (snapshots === null) {
    return warn(
      'A restart loses what was written last (appendonly no), or all, if there are no snapshots, ' +
        `which can not be seen from here: sessions that were just ended can come back. ${remedy}, ` +
        'or see what the provider keeps instead.',
    );
  }
  if (!snapshots) {
    return warn(
      'A restart loses everything (no snapshots, appendonly no): all are signed out, and limits ' +
        `start anew. ${remedy}.`,
    );
  }
  return warn(
    'A restart loses the last seconds to minutes (snapshots, appendonly no): sessions that were ' +
      `ended in them come back. ${remedy}.`,
  );
}
