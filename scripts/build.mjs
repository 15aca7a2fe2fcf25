import { build } from 'esbuild';

/** Bundles the Node entries, so that a start reads one file instead of hundreds. */
export async function buildAll() {
  await build({
    entryPoints: ['src/node.ts'],
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    // Native code can't be bundled.
    external: ['libsql', '@node-rs/bcrypt'],
    // What was written for `require` finds one.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) await buildAll();
