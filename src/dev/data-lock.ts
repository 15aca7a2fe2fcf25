import Sqlite from 'libsql';

/**
 * Keeps a folder for this process until it ends, however it ends: the system drops the lock. Throws
 * when another process has it.
 */
export function lockFolder(folder: string, file: string): void {
  const lock = new Sqlite(file);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    throw new Error(`DATA_DIR: another process uses ${folder}; stop it, or set another DATA_DIR`);
  }
  held.push(lock);
}

/** Keeps locks from being collected, which would close them. */
const held: Sqlite.Database[] = [];
