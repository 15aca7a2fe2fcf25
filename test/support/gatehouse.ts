import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';

/**
 * The gatehouse command as a process of its own, with these settings and no others.
 *
 * @param folder A copy of `dist/server`.
 * @param program Another command of that folder.
 */
export const gatehouse = (
  env: Record<string, string>,
  args: string[],
  folder = 'dist/server',
  program = 'gatehouse.js',
) => run(join(folder, program), env, args);

/** The same by `npm run gatehouse`, which builds it first. */
export const npmGatehouse = (env: Record<string, string>, args: string[]) =>
  run('bin/gatehouse.mjs', env, args);

function run(script: string, env: Record<string, string>, args: string[]) {
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(
      process.execPath,
      [resolvePath(script), ...args],
      // Where there is no `.env`.
      { cwd: tmpdir(), env: { PATH: process.env.PATH, ...env }, timeout: 20_000 },
      (error, out, err) => resolve({ code: error ? error.code : 0, out, err }),
    );
  });
}
