import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { dataFiles } from '../node/data-folder.ts';
import { type Finding, findingsOn, reasonOf } from './findings.ts';

const { ok, warn, wrong } = findingsOn('settings');

/** What the data folder is, or will be: nothing is made here, least of all as another user. */
export function checkDataFolder(config: Config): Finding[] {
  const { dataDir, redis, database, sessionSecrets } = config;
  const used = redis.kind === 'embedded' || (database.kind === 'file' && database.path === null);
  if (!used && sessionSecrets.length > 0) return [];
  const folder = nearest(resolve(dataDir));
  try {
    if (!statSync(folder).isDirectory()) return [wrong(`DATA_DIR: ${folder} is not a folder.`)];
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    return [wrong(`DATA_DIR: nothing can be written in ${folder}: ${reasonOf(error)}.`)];
  }
  if (!existsSync(dataDir)) return [ok(`DATA_DIR=${dataDir} is made at the first start.`)];
  const kept = sessionSecrets.length === 0 ? checkSecret(dataFiles(config).secret) : [];
  return [ok(`DATA_DIR=${dataDir} can be written.`), ...kept];
}

/** Who can read the secret can sign tokens. */
function checkSecret(path: string): Finding[] {
  const open = existsSync(path) && (statSync(path).mode & 0o077) !== 0;
  return open ? [warn(`${path} can be read by other users: chmod 600 ${path}`)] : [];
}

/** The path itself, or the nearest folder above that exists. */
function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}
