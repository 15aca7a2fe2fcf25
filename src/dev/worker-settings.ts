import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { parseConfig } from '../config.ts';

type Env = Record<string, string | undefined>;

/** The settings of a `.dev.vars` file, which wrangler reads by itself only when given no other. */
export function readDevVars(path: string): Env {
  if (!existsSync(path)) return {};
  // Some editors begin a file with a byte order mark.
  return parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
}

/**
 * Picks out of an environment what the Worker's configuration reads, so that nothing else of a shell
 * gets into the Worker. Throws a `SettingError` where the Worker would refuse to start.
 */
export function workerSettings(env: Env): Record<string, string> {
  const picked: Record<string, string> = {};
  const watched = new Proxy(env, {
    get(target, name: string) {
      const value = target[name];
      if (value !== undefined) picked[name] = value;
      return value;
    },
  });
  parseConfig(watched, 'workers');
  return picked;
}

/** Writes settings in the dialect of wrangler's `--env-file`: dotenv, with dotenv-expand after it. */
export function toEnvFile(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join('');
}

function quoted(name: string, value: string): string {
  // Within double quotes `\n` would become a line break.
  const quote = ["'", '`'].find((mark) => !value.includes(mark));
  if (quote === undefined) throw new Error(`${name}: can't hold both ' and \` in development`);
  return quote + value.replaceAll('$', '\\$') + quote;
}
