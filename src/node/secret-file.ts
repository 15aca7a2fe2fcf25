import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { whyPlanted } from './file-modes.ts';

/**
 * The secret that signs session tokens, made once and kept in a file that only its owner can read,
 * so that people stay signed in over a restart. Throws where another user may have put it there.
 */
export function keptSecret(path: string): string {
  if (!existsSync(path)) makeSecret(path);
  const planted = whyPlanted(path);
  if (planted !== null) throw new Error(`${path} ${planted}: ${ownSecret(path)}`);
  const secret = readWhole(path).trim();
  if (secret.length < 32) {
    throw new Error(
      `${path} holds no secret; delete it to make a new one, which ends all sessions`,
    );
  }
  return secret;
}

/** Whoever knows the secret can sign tokens. */
export const ownSecret = (path: string): string =>
  `delete it to make a new one, which ends all sessions, or if it is yours, chown it to the user of the server and chmod 600 ${path}`;

/** How often an empty file is looked at again, and how long after (milliseconds). */
const LOOKS = 20;
const PAUSE = 10;

/** Without hard links another process makes the file first and fills it just after. */
function readWhole(path: string): string {
  for (let look = 1; ; look += 1) {
    const content = readFileSync(path, 'utf8');
    if (content !== '' || look === LOOKS) return content;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  }
}

/** Whole or not at all: of two processes that start at once, neither may read half a file. */
function makeSecret(path: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const secret = `${randomBytes(32).toString('hex')}\n`;
  writeFileSync(draft, secret, NEW);
  try {
    unlessMade(() => linkSync(draft, path));
  } catch {
    // This file system has no hard links, such as FAT, exFAT and some shares and mounts.
    unlessMade(() => writeFileSync(path, secret, NEW));
  } finally {
    rmSync(draft);
  }
}

const NEW = { flag: 'wx', mode: 0o600 } as const;

/** When another process was faster, its secret counts. */
function unlessMade(make: () => void): void {
  try {
    make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
