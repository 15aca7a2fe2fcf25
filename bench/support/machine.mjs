import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';

/** The machine in one line, without anything that says whose it is. */
export function machine() {
  const [{ model }] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model.trim()}, ${cpus().length} cores, ${memory} GiB, ${process.platform} ${process.arch}`;
}

const PACKAGES = [
  'hono',
  '@hono/node-server',
  '@upstash/redis',
  'redis',
  'libsql',
  'express',
  'express-session',
  'connect-redis',
  'passport',
  'bcryptjs',
  'better-auth',
  'drizzle-orm',
  'hono-sessions',
  '@node-rs/bcrypt',
  'autocannon',
];

/** What was measured and with what. */
export function versions() {
  const { devDependencies } = createRequire(import.meta.url)('../package.json');
  const { stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  const redis = /v=(\S+)/.exec(stdout)?.[1];
  const wrk = /wrk (\S+)/.exec(spawnSync('wrk', ['-v'], { encoding: 'utf8' }).stdout)?.[1];
  const packages = PACKAGES.map((name) => `${name} ${devDependencies[name]}`);
  return [`Node ${process.versions.node}`, `Redis ${redis}`, `wrk ${wrk}`, ...packages].join(', ');
}
