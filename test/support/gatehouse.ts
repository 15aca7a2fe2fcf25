import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve as resolvePath } from 'node:path';

/** The gatehouse command as a process of its own, with these settings and no others. */
export function gatehouse(env: Record<string, string>, args: string[]) {
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(
      process.execPath,
      [resolvePath('bin/gatehouse.mjs'), ...args],
      // Where there is no `.env`.
      { cwd: tmpdir(), env: { PATH: process.env.PATH, ...env }, timeout: 20_000 },
      (error, out, err) => resolve({ code: error ? error.code : 0, out, err }),
    );
  });
}
