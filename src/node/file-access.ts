import { type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { SettingError } from '../settings.ts';
import { dataFiles } from './data-folder.ts';
import { databaseFile } from './database.ts';
import { hasModes, keepsModes, WORLD } from './file-modes.ts';

export type FileSettings = Pick<Config, 'dataDir' | 'redis' | 'database' | 'mail'>;

/** A file or folder that somebody else could change, and what to do about that. */
export interface Exposure {
  /** The setting that says where it is. */
  setting: string;
  text: string;
  /** False: the file system keeps no modes, so nothing can be done about it there. */
  refused: boolean;
}

const STICKY = 0o1000;

/**
 * Finds the folders and database files of these settings that every user of the machine can write
 * to. Such a user could put a session, an administrator or a mailed link there. Paths that do not
 * exist yet are left out: they are made for this user alone.
 */
export function exposedFiles(config: FileSettings): Exposure[] {
  return placesOf(config).flatMap(({ setting, path }) => {
    const stats = hasModes ? statOf(path) : null;
    if (stats === null || (stats.mode & WORLD) === 0) return [];
    const folder = stats.isDirectory();
    const shared = folder && (stats.mode & STICKY) !== 0;
    const remedy = shared
      ? `use a folder of its own, such as ${join(path, 'gatehouse')}`
      : `chmod o-w ${path}`;
    const text = `${path} can be written by every user of this machine: ${remedy}`;
    return [{ setting, text, refused: keepsModes(folder ? path : dirname(path)) }];
  });
}

/** Throws a `SettingError` where another user could change what the server stands on. */
export function checkFileAccess(config: FileSettings, warn: (line: string) => void): void {
  for (const { setting, text, refused } of exposedFiles(config)) {
    if (refused) throw new SettingError(setting, text);
    warn(`${setting}: ${text}, or use a file system that keeps modes`);
  }
}

/** All that is used, the folders first. Those that are not used may be as they like. */
export function placesOf(config: FileSettings) {
  const { dataDir, redis, database, mail } = config;
  const { sessions, outbox } = dataFiles(config);
  const embedded = redis.kind === 'embedded';
  const named = database.kind === 'file' ? database.path : null;
  const users = database.kind === 'file' ? databaseFile(config, named) : null;
  const usersSetting = named === null ? 'DATA_DIR' : 'TURSO_DATABASE_URL';
  const inFolder = embedded || (users !== null && named === null) || mail.kind === 'outbox';
  const place = (setting: string, paths: string[]) => paths.map((path) => ({ setting, path }));
  return [
    ...place('DATA_DIR', inFolder ? [dataDir] : []),
    ...place(usersSetting, named === null ? [] : [dirname(named)]),
    ...place('DATA_DIR', mail.kind === 'outbox' ? [outbox] : []),
    ...place(usersSetting, users === null ? [] : databasePaths(users)),
    ...place('DATA_DIR', embedded ? databasePaths(sessions) : []),
  ];
}

/** SQLite reads what it finds in the files beside a database. */
const databasePaths = (path: string) => ['', '-wal', '-shm', '-journal'].map((end) => path + end);

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}
