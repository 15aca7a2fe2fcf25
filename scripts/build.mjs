import { realpathSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What a production machine runs. */
const ENTRIES = ['src/node.ts', 'src/cli.ts', 'src/node/migrate.ts'];

/** What entries share, and what they load only when it is asked for. */
const PARTS = 'parts';

/** Bundles Node entries into `dist`, so that a start reads a few files instead of hundreds. */
export async function buildAll(entryPoints = ENTRIES) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outbase: 'src',
    outdir: 'dist',
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    chunkNames: `${PARTS}/[name]-[hash]`,
    target: 'node20',
    sourcemap: true,
    // Native code can't be bundled, nor what the Workers platform brings.
    external: ['libsql', '@node-rs/bcrypt', 'cloudflare:*'],
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

/** Whole or not at all: another start may be reading the file. */
async function replace(path, contents) {
  const draft = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, contents);
  await rename(draft, path);
}

if (realpathSync(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) await buildAll();
