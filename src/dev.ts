import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseConfig } from './config.ts';
import { sameText } from './constant-time.ts';
import { connectRemote } from './db/client.ts';
import { applyMigrations } from './db/migrate.ts';
import { type Child, startChild } from './dev/child-group.ts';
import { lockFolder } from './dev/data-lock.ts';
import { startLibsqlServer } from './dev/libsql-server.ts';
import { serveMail } from './dev/mail-server.ts';
import { freePort, whyTaken } from './dev/ports.ts';
import { readDevVars, toEnvFile, workerSettings } from './dev/worker-settings.ts';
import { dataFiles } from './node/data-folder.ts';
import { checkFileAccess } from './node/file-access.ts';
import { openMailer } from './node/mail.ts';
import { keptSecret } from './node/secret-file.ts';
import { commandsOf } from './redis/dialect.ts';
import { createEmbedded } from './redis/embedded.ts';
import { serveRest } from './redis/rest-server.ts';
import { unknownSettings } from './setting-names.ts';
import { type Milliseconds, seconds } from './time.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WORKER = join(ROOT, 'scripts/dev-worker.mjs');

const REPEATED: Milliseconds = 500;

const parts: { stop(): Promise<void> }[] = [];
let stoppingSince: number | null = null;

/** `npm run dev`: the Worker in `wrangler dev`, with the stores that it needs. */
async function main() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.umask(0o077);
  const env = { ...readDevVars(join(ROOT, '.dev.vars')), ...process.env };
  for (const line of unknownSettings(env)) console.warn(`gatehouse: ${line}`);
  const { port: wanted, dataDir } = parseConfig({ PORT: env.PORT, DATA_DIR: env.DATA_DIR }, 'node');
  const port = wanted === 0 ? await freePort() : wanted;
  const folder = resolve(dataDir, 'dev');
  const files = dataFiles({ dataDir: folder });
  mkdirSync(folder, { recursive: true });
  checkFileAccess(parseConfig({ DATA_DIR: folder }, 'node'), console.warn);
  const taken = await whyTaken(port);
  if (taken) throw new Error(`PORT: can't listen on ${port} (${taken}); try PORT=${port + 1}`);
  lockFolder(folder, join(folder, 'lock'));

  const baseUrl = `http://localhost:${port}`;
  const settings = workerSettings({
    ...env,
    // The Worker's Redis is the one that is started here.
    REDIS_URL: undefined,
    BASE_URL: baseUrl,
    SESSION_SECRET: keptSecret(files.secret),
    ...(await startRedis(files.sessions)),
    ...(await startDatabase(folder)),
    ...(env.MAIL_URL?.trim() ? {} : await startMail(folder, baseUrl)),
  });
  // In a file, because everybody on this machine can read command lines.
  const envFile = join(folder, 'worker.env');
  writeFileSync(envFile, toEnvFile(settings), { mode: 0o600 });
  const wrangler = startWrangler(port, envFile, folder);
  watch(wrangler);
  await untilHealthy(`http://127.0.0.1:${port}`);
  const runtimes = await wrangler.count('workerd');
  console.log(`Gatehouse is ready at ${baseUrl} (wrangler dev, Ctrl-C stops everything)`);
  if (runtimes !== null) await untilFewer(wrangler, runtimes);
}

async function startRedis(path: string) {
  const token = randomBytes(32).toString('base64url');
  const store = createEmbedded({ path });
  const commands = commandsOf(store);
  const executor = (given: string) => (sameText(given, token) ? commands : null);
  const server = await serveRest({ executor, port: 0 });
  parts.push({ stop: () => server.close().then(store.close) });
  return { UPSTASH_REDIS_REST_URL: server.url, UPSTASH_REDIS_REST_TOKEN: token };
}

async function startDatabase(folder: string) {
  const { child, url, authToken } = await startLibsqlServer(folder);
  watch(child);
  await untilHealthy(url);
  await applyMigrations(connectRemote({ url, authToken }), join(ROOT, 'drizzle'));
  return { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: authToken };
}

/** Mail is kept in a folder and its links are printed, unless another transport is set. */
async function startMail(folder: string, baseUrl: string) {
  const config = parseConfig({ BASE_URL: baseUrl, DATA_DIR: folder }, 'node');
  const mailer = await openMailer(config);
  if (!mailer) throw new Error('there is no outbox');
  const server = await serveMail(mailer);
  parts.push(server);
  return {
    MAIL_URL: `resend:${server.key}`,
    MAIL_FROM: 'gatehouse@localhost',
    RESEND_URL: server.url,
  };
}

function startWrangler(port: number, envFile: string, folder: string): Child {
  const log = join(folder, 'wrangler.log');
  // Of the latest run only: it grows by megabytes a day.
  rmSync(log, { force: true });
  const inspect = process.argv.includes('--inspect') ? ['--inspect'] : [];
  return startChild({
    name: 'wrangler dev',
    command: process.execPath,
    args: [WORKER, '--port', `${port}`, '--env-file', envFile, ...inspect],
    cwd: ROOT,
    output: 'inherit',
    env: {
      ...process.env,
      // It asks nothing, sends nothing, fetches nothing, and keeps its files in the data folder.
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_SEND_ERROR_REPORTS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: 'true',
      WRANGLER_LOG_PATH: log,
      XDG_CONFIG_HOME: join(folder, 'wrangler'),
    },
  });
}

/** When one of them dies, the others are of no use. */
function watch(child: Child) {
  parts.push(child);
  void child.ended.then((how) => stop(1, `${child.name} ended (${how}), so everything stops`));
}

async function untilHealthy(url: string) {
  const answers = () =>
    fetch(`${url}/health`, { signal: AbortSignal.timeout(seconds(2)) }).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) await wait(50);
}

/** wrangler does not notice when a workerd of its own dies, and requests then hang. */
async function untilFewer(wrangler: Child, runtimes: number) {
  // A reload replaces one, so it may be missing for a moment.
  for (let missed = 0; missed < 2; ) {
    await wait(seconds(1));
    const running = await wrangler.count('workerd');
    missed = running !== null && running < runtimes ? missed + 1 : 0;
  }
  await stop(1, 'workerd ended, so everything stops');
}

/** The second signal means now, but npm repeats what the terminal sent to all of its group. */
function onSignal() {
  if (stoppingSince === null) return stop(0);
  if (performance.now() - stoppingSince > REPEATED) process.exit(1);
}

async function stop(code: number, problem?: string) {
  if (stoppingSince !== null) return;
  stoppingSince = performance.now();
  if (problem) console.error(`gatehouse: ${problem}`);
  // The Worker first, so that it finds its stores to the last request.
  for (const part of parts.reverse()) await part.stop();
  process.exit(code);
}

main().catch((error) =>
  stop(1, `can not start: ${error instanceof Error ? error.message : error}`),
);
