import { realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';
import { NATIVE, serverPackage } from './server-package.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The programs of `dist/server`, which are what a production machine runs. */
const PROGRAMS = {
  server: 'src/node.ts',
  gatehouse: 'src/cli.ts',
  migrate: 'src/node/migrate.ts',
};

/** What entries share, and what they load only when it is asked for. */
const PARTS = 'parts';

/**
 * Makes `dist/server`, which is complete: after `npm ci` in a copy of it the server starts, anywhere.
 * `names`: programs to build; the others stay as they are.
 */
export async function buildServer(names = Object.keys(PROGRAMS)) {
  const folder = join(ROOT, 'dist/server');
  const packageFiles = serverPackage(
    await readJson('package.json'),
    await readJson('package-lock.json'),
  );
  for (const [name, content] of Object.entries(packageFiles)) {
    await replace(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  }
  await copyMigrations(join(folder, 'drizzle'));
  await bundle(Object.fromEntries(names.map((name) => [name, PROGRAMS[name]])), 'dist/server');
}

/** Bundles programs for Node into a folder, so that a start reads a few files instead of hundreds. */
export async function bundle(entryPoints, outdir) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    chunkNames: `${PARTS}/[name]-[hash]`,
    target: 'node20',
    sourcemap: true,
    // Native code can't be bundled, nor what the Workers platform brings.
    external: [...NATIVE, 'cloudflare:*'],
    // What was written for `require` finds one.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const isPart = ({ path }) => basename(dirname(path)) === PARTS;
  // An entry comes after the parts that it names. Those of earlier builds stay: a server that was
  // started before may load them yet.
  const inOrder = [...outputFiles.filter(isPart), ...outputFiles.filter((file) => !isPart(file))];
  for (const { path, contents } of inOrder) await replace(path, contents);
  // Its own process would stay as long as this one.
  await stop();
}

/** The journal comes last: it names the others. */
async function copyMigrations(folder) {
  const files = (await readdir(join(ROOT, 'drizzle'))).filter((name) => name.endsWith('.sql'));
  for (const name of [...files, 'meta/_journal.json']) {
    await replace(join(folder, name), await readFile(join(ROOT, 'drizzle', name)));
  }
}

const readJson = async (name) => JSON.parse(await readFile(join(ROOT, name), 'utf8'));

/** Whole or not at all: another start may be reading the file. */
async function replace(path, contents) {
  const draft = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, contents);
  await rename(draft, path);
}

if (realpathSync(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) await buildServer();
