import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { consoleLog, type Log } from '../log.ts';
import { createGate } from '../passwords/gate.ts';
import { nativeBcrypt } from '../passwords/native.ts';
import type { RedisClient } from '../redis/client.ts';
import { createEmbedded } from '../redis/embedded.ts';
import { createNodeRest } from '../redis/node-rest.ts';
import type { Ports } from '../services.ts';
import { createWriteTurns } from '../session/write-turns.ts';
import { SettingError } from '../settings.ts';
import { type Milliseconds, seconds, systemClock } from '../time.ts';
import { createKeeper } from './chores.ts';
import { dataFiles, makeDataFolder, opened } from './data-folder.ts';
import { openDatabase } from './database.ts';
import { checkFileAccess } from './file-access.ts';
import { openMailer } from './mail.ts';
import { keptSecret } from './secret-file.ts';

/** Threads of Node's pool. Names are looked up on one too, so hashing leaves it free. */
const THREADS = 4;

/** Security events are written together with those of the next moment. */
const GATHER: Milliseconds = 100;

/** A mail server may take minutes, and nobody who ends the process waits for them. */
export const MAIL_PATIENCE: Milliseconds = seconds(3);

export interface OpenedPlatform {
  /** The settings, completed by what is kept in the data folder. */
  config: Config;
  platform: Ports;
  /**
   * Waits for what no answer waited for, and lets go of everything. Mail that is still being sent
   * after `patience` is cut off, and is another process's to try.
   */
  close(patience?: Milliseconds): Promise<void>;
}

/** What a Node process stands on. Throws a `SettingError`. */
export async function openPlatform(
  config: Config,
  migrations: string,
  log: Log = consoleLog(config.logLevel),
): Promise<OpenedPlatform> {
  if (config.redis.kind === 'embedded' || config.database.kind === 'file') makeDataFolder(config);
  checkFileAccess(config, (line) => log.warn(line));
  const keeper = createKeeper();
  const redis = await openRedis(config);
  await checkRedisDatabase(config, redis);
  const platform: Ports = {
    redis,
    database: await openDatabase(config, migrations),
    bcrypt: nativeBcrypt,
    gate: createGate({
      concurrency: config.hashConcurrency ?? Math.min(availableParallelism(), THREADS - 1),
      queue: config.hashQueue,
    }),
    mailer: await openMailer(config),
    keepAlive: keeper.keepAlive,
    inTurn: createWriteTurns(),
    gatherEvents: () => pause(GATHER),
    sharesWork: true,
    clock: systemClock,
    log,
  };
  return { config: withSecret(config), platform, close };

  async function close(patience = MAIL_PATIENCE) {
    const cutOff = setTimeout(() => void platform.mailer?.close(), patience);
    await keeper.drain();
    clearTimeout(cutOff);
    await platform.mailer?.close();
    await platform.redis.close();
    platform.database.close();
  }
}

function withSecret(config: Config): Config {
  if (config.sessionSecrets.length > 0) return config;
  return { ...config, sessionSecrets: [keptSecret(dataFiles(config).secret)] };
}

/**
 * Throws a `SettingError` where Redis has no database of the number in `REDIS_URL`. A server that does
 * not answer yet is no reason not to start.
 */
async function checkRedisDatabase({ redis }: Config, client: RedisClient): Promise<void> {
  const [, number] = redis.kind === 'tcp' ? (/\/(\d+)$/.exec(redis.url) ?? []) : [];
  if (!Number(number)) return;
  const reason = await client.ping().then(() => '', String);
  if (!/DB index is out of range/.test(reason)) return;
  await client.close();
  throw new SettingError('REDIS_URL', `there is no database ${number}; most servers have 0 to 15`);
}

export async function openRedis(config: Config): Promise<RedisClient> {
  const { redis } = config;
  if (redis.kind === 'embedded') {
    const path = dataFiles(config).sessions;
    return opened('DATA_DIR', path, () => createEmbedded({ path }));
  }
  if (redis.kind === 'tcp') {
    // Half of all the code of a process, which most have no use for.
    const { createTcp } = await import('../redis/tcp.ts');
    return createTcp(redis);
  }
  return createNodeRest(redis);
}
