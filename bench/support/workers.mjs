import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { answers } from './client.mjs';
import { freePort } from './ports.mjs';
import { launch, run, SERVER_CORE, stop, temporaryFolder, waitUntil } from './processes.mjs';
import { ROOT } from './subjects.mjs';

const { resolve } = createRequire(join(ROOT, 'package.json'));
const fromWrangler = createRequire(resolve('wrangler/package.json'));
const WRANGLER = join(fromWrangler.resolve('./package.json'), '../bin/wrangler.js');
const WORKERS = fileURLToPath(new URL('../workers', import.meta.url));

export const ENTRIES = {
  rest: join(ROOT, 'src/worker.ts'),
  betterAuth: join(WORKERS, 'better-auth.mjs'),
  honoSessions: join(WORKERS, 'hono-sessions.mjs'),
  floor: join(WORKERS, 'floor.mjs'),
};

/** All are built for the date of the project's own Worker. */
const [, DATE] = /^compatibility_date = "(.+)"$/m.exec(
  readFileSync(join(ROOT, 'wrangler.toml'), 'utf8'),
);

/** What wrangler makes of a Worker for which nothing else is said. */
const AS_IT_COMES = 'name = "bench"\n';

/** As this project is deployed: minified to the last. */
const MINIFIED = `${AS_IT_COMES}minify = true\nkeep_names = false\n`;

/** Bundles a Worker without sending it anywhere. */
export async function bundle(entry, { minified = true } = {}) {
  const folder = temporaryFolder();
  const args = [WRANGLER, 'deploy', entry, '--dry-run', '--outdir', join(folder, 'out')];
  const flags = ['--compatibility-date', DATE, '--compatibility-flags', 'nodejs_compat'];
  // In an empty folder, so that no settings but these are found.
  const config = join(folder, 'wrangler.toml');
  writeFileSync(config, minified ? MINIFIED : AS_IT_COMES);
  await run(process.execPath, [...args, '--config', config, ...flags], {
    cwd: ROOT,
    env: { WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: join(folder, 'logs'), CI: 'true' },
  });
  const out = join(folder, 'out');
  const script = readdirSync(out).find((name) => name.endsWith('.js'));
  const code = readFileSync(join(out, script));
  return { file: join(out, script), kib: gzipSync(code).length / 1024 };
}

/** Runs a bundle in workerd on the first core, and waits for its first answer. */
export async function startWorker(file, settings, path) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Beside the bundle, because it names it relative to itself.
  const config = join(dirname(file), `${port}.capnp`);
  writeFileSync(config, configOf(basename(file), port, { ...settings, BASE_URL: url }));
  const process_ = launch(workerd(), ['serve', config], {
    core: SERVER_CORE,
    log: `${config}.log`,
  });
  await waitUntil(() => answers(url, path), process_, 20_000, 2);
  return { url, pid: process_.pid, process: process_, stop: () => stop(process_) };
}

function workerd() {
  const { arch, platform } = process;
  const cpu = arch === 'x64' ? '64' : arch;
  const fromWorkerd = createRequire(fromWrangler.resolve('workerd/package.json'));
  return fromWorkerd.resolve(`@cloudflare/workerd-${platform}-${cpu}/bin/workerd`);
}

function configOf(file, port, settings) {
  const bindings = Object.entries(settings).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["private"], deny = [])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed ${JSON.stringify(file)})],
  compatibilityDate = "${DATE}",
  compatibilityFlags = ["nodejs_compat"],
  bindings = [${bindings.join(', ')}],
);
`;
}
