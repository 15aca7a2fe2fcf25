import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { connectRemote, type Database } from '../db/client.ts';
import { openFile } from '../db/file.ts';
import { applyMigrations } from '../db/migrate.ts';
import { consoleLog } from '../log.ts';
import { createGate } from '../passwords/gate.ts';
import { nativeBcrypt } from '../passwords/native.ts';
import type { RedisClient } from '../redis/client.ts';
import { createEmbedded } from '../redis/embedded.ts';
import { createKeepAlive } from '../redis/keep-alive.ts';
import { createTcp } from '../redis/tcp.ts';
import { createUpstash } from '../redis/upstash.ts';
import type { Platform } from '../services.ts';
import { systemClock } from '../time.ts';
import { keptSecret } from './secret-file.ts';

/** What a Node process stands on, and the settings completed by what is kept in the data folder. */
export async function openPlatform(
  config: Config,
  migrations: string,
): Promise<{ config: Config; platform: Platform }> {
  const { dataDir, redis, database, sessionSecrets } = config;
  if (redis.kind === 'embedded' || database.kind === 'file') {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  }
  const platform = {
    redis: openRedis(config),
    database: await openDatabase(config, migrations),
    bcrypt: nativeBcrypt,
    gate: createGate({
      concurrency: config.hashConcurrency ?? availableParallelism(),
      queue: config.hashQueue,
    }),
    clock: systemClock,
    log: consoleLog,
  };
  if (sessionSecrets.length > 0) return { config, platform };
  const secret = keptSecret(join(dataDir, 'session-secret'));
  return { config: { ...config, sessionSecrets: [secret] }, platform };
}

function openRedis({ redis, dataDir }: Config): RedisClient {
  if (redis.kind === 'embedded') return createEmbedded({ path: join(dataDir, 'sessions.db') });
  if (redis.kind === 'tcp') return createTcp(redis);
  return createUpstash(redis, createKeepAlive(redis));
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
