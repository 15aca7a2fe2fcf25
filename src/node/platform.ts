import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { connectRemote, type Database } from '../db/client.ts';
import { openFile } from '../db/file.ts';
import { applyMigrations } from '../db/migrate.ts';
import { consoleLog, type Log } from '../log.ts';
import { createGate } from '../passwords/gate.ts';
import { nativeBcrypt } from '../passwords/native.ts';
import type { RedisClient } from '../redis/client.ts';
import { createEmbedded } from '../redis/embedded.ts';
import { createNodeRest } from '../redis/node-rest.ts';
import type { Ports } from '../services.ts';
import { SettingError } from '../settings.ts';
import { type Milliseconds, systemClock } from '../time.ts';
import { createKeeper } from './chores.ts';
import { openMailer } from './mail.ts';
import { keptSecret } from './secret-file.ts';

/** Threads of Node's pool. Names are looked up on one too, so hashing leaves it free. */
const THREADS = 4;

/** Security events are written together with those of the next moment. */
const GATHER: Milliseconds = 100;

/** What a Node process stands on, and the settings completed by what is kept in the data folder. */
export async function openPlatform(
  config: Config,
  migrations: string,
  log: Log = consoleLog(config.logLevel),
): Promise<{ config: Config; platform: Ports; drain: () => Promise<void> }> {
  const { dataDir, redis, database, sessionSecrets } = config;
  if (redis.kind === 'embedded' || database.kind === 'file') {
    makeFolder(dataDir);
  }
  const keeper = createKeeper();
  const platform = {
    redis: await openRedis(config),
    database: await openDatabase(config, migrations),
    bcrypt: nativeBcrypt,
    gate: createGate({
      concurrency: config.hashConcurrency ?? Math.min(availableParallelism(), THREADS - 1),
      queue: config.hashQueue,
    }),
    mailer: await openMailer(config),
    keepAlive: keeper.keepAlive,
    gatherEvents: () => pause(GATHER),
    clock: systemClock,
    log,
  };
  const { drain } = keeper;
  if (sessionSecrets.length > 0) return { config, platform, drain };
  const secret = keptSecret(join(dataDir, 'session-secret'));
  return { config: { ...config, sessionSecrets: [secret] }, platform, drain };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SettingError('DATA_DIR', `can not be made: ${(error as NodeJS.ErrnoException).code}`);
  }
}

export async function openRedis({ redis, dataDir }: Config): Promise<RedisClient> {
  if (redis.kind === 'embedded') return createEmbedded({ path: join(dataDir, 'sessions.db') });
  if (redis.kind === 'tcp') {
    // Half of all the code of a process, which most have no use for.
    const { createTcp } = await import('../redis/tcp.ts');
    return createTcp(redis);
  }
  return createNodeRest(redis);
}

/** A file is migrated at start; a server that others use too is migrated by `npm run db:migrate`. */
export async function openDatabase(
  { database, dataDir }: Config,
  migrations: string,
): Promise<Database> {
  if (database.kind === 'remote') return connectRemote(database);
  const file = await openFile(database.path ?? join(dataDir, 'gatehouse.db'));
  await applyMigrations(file, migrations);
  return file;
}
