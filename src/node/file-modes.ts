import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** Bits of a file's mode: who may write to it. */
export const WORLD = 0o002;
const GROUP = 0o020;

/** Windows has other rules, which `stat` does not show. */
export const hasModes = process.platform !== 'win32';

/**
 * Says why the file of a secret may be another user's work. Its owner should be this process's user,
 * root or the owner of the folder, and nobody else should be able to write to it. A group that may
 * write to the folder could replace the file anyway (volumes of Kubernetes with an `fsGroup`).
 *
 * @returns The reason, or null.
 */
export function whyPlanted(path: string): string | null {
  if (!hasModes || !existsSync(path)) return null;
  const folder = statSync(dirname(path));
  const trusted = [process.geteuid?.(), 0, folder.uid];
  // A link is its owner's choice of a file.
  const foreign = [lstatSync(path), statSync(path)].find(({ uid }) => !trusted.includes(uid));
  if (foreign) return `belongs to user ${foreign.uid}, who knows it`;
  const others = WORLD | (GROUP & ~folder.mode);
  if ((statSync(path).mode & others) === 0 || !keepsModes(dirname(path))) return null;
  return 'can be written by other users';
}

/**
 * Some file systems show the same mode for everything and ignore changes (drives of Windows under
 * WSL, some mounts of Docker Desktop). A folder in which no file can be made counts as keeping modes.
 */
export function keepsModes(folder: string): boolean {
  const path = join(folder, `.mode-${randomUUID()}`);
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
    return (statSync(path).mode & WORLD) === 0;
  } catch {
    return true;
  } finally {
    rmSync(path, { force: true });
  }
}
