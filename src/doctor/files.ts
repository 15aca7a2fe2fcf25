import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { dataFiles } from '../node/data-folder.ts';
import { exposedFiles, placesOf } from '../node/file-access.ts';
import { hasModes, whyPlanted } from '../node/file-modes.ts';
import { ownSecret } from '../node/secret-file.ts';
import { type Finding, findingsOn, reasonOf } from './findings.ts';

const { ok, warn, wrong } = findingsOn('settings');

/** What the data folder is, or will be: nothing is left here, least of all as another user. */
export function checkDataFolder(config: Config): Finding[] {
  const { dataDir, redis, database, sessionSecrets } = config;
  const used = redis.kind === 'embedded' || (database.kind === 'file' && database.path === null);
  if (!used && sessionSecrets.length > 0) return checkAccess(config);
  const folder = nearest(resolve(dataDir));
  try {
    if (!statSync(folder).isDirectory()) return [wrong(`DATA_DIR: ${folder} is not a folder.`)];
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    return [wrong(`DATA_DIR: nothing can be written in ${folder}: ${reasonOf(error)}.`)];
  }
  if (!existsSync(dataDir)) return [ok(`DATA_DIR=${dataDir} is made at the first start.`)];
  return [ok(`DATA_DIR=${dataDir} can be written.`), ...checkAccess(config)];
}

/** Who else can write or read what the server keeps in files. */
function checkAccess(config: Config): Finding[] {
  const { secret, outbox } = dataFiles(config);
  const exposed = exposedFiles(config).map(({ setting, text, refused }) =>
    (refused ? wrong : warn)(`${setting}: ${text}`),
  );
  const keptSecret = config.sessionSecrets.length === 0;
  const planted = keptSecret ? whyPlanted(secret) : null;
  const stranger = planted === null ? [] : [wrong(`${secret} ${planted}: ${ownSecret(secret)}`)];
  const mails = config.mail.kind === 'outbox' && existsSync(outbox) ? filesIn(outbox) : [];
  const paths = [...placesOf(config).map(({ path }) => path), ...(keptSecret ? [secret] : [])];
  const looked = paths.filter((path) => existsSync(path)).flatMap(checkMode);
  // The first of the mails stands for all.
  return [...exposed, ...stranger, ...looked, ...mails.flatMap(checkMode).slice(0, 1)];
}

const filesIn = (folder: string) => readdirSync(folder).map((file) => join(folder, file));

/** A folder may be entered by others, who then can't read the files in it. */
function checkMode(path: string): Finding[] {
  if (!hasModes) return [];
  const stats = statSync(path);
  if (stats.isDirectory()) {
    if ((stats.mode & 0o020) === 0) return [];
    return [warn(`${path} can be written by its group: chmod g-w ${path}, unless that is meant.`)];
  }
  if ((stats.mode & 0o077) === 0) return [];
  return [warn(`${path} can be read by other users: chmod 600 ${path}`)];
}

/** The path itself, or the nearest folder above that exists. */
function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}
