import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { SettingError } from '../settings.ts';

/** Where a server that has no others keeps its stores, its secret and its mail. */
export const dataFiles = ({ dataDir }: Pick<Config, 'dataDir'>) => ({
  sessions: join(dataDir, 'sessions.db'),
  users: join(dataDir, 'gatehouse.db'),
  secret: join(dataDir, 'session-secret'),
  outbox: join(dataDir, 'outbox'),
});

const REMEDIES: [codes: RegExp, remedy: string][] = [
  [/NOTADB/, 'it is no database'],
  [/CANTOPEN|READONLY|EACCES|EPERM/, 'this user must be able to write to it and to its folder'],
  [/BUSY|LOCKED/, 'another process is using it'],
];

/** Opens a file that `setting` names, or its folder. Throws a `SettingError` where that fails. */
export async function opened<T>(setting: string, path: string, open: () => T | Promise<T>) {
  try {
    return await open();
  } catch (error) {
    // The driver gives no code where the file can't be opened at all.
    const { code = 'SQLITE_CANTOPEN' } = error as { code?: string };
    const why = REMEDIES.find(([codes]) => codes.test(code))?.[1] ?? 'see what SQLite says of that';
    throw new SettingError(setting, `${path} can not be opened (${code}): ${why}`);
  }
}

/** For this user alone. Throws a `SettingError`. */
export function makeDataFolder({ dataDir }: Pick<Config, 'dataDir'>): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SettingError('DATA_DIR', `can not be made: ${(error as NodeJS.ErrnoException).code}`);
  }
}
