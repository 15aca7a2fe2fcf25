import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

/** Major versions of Node beside the oldest one, on which everybody runs the tests. */
const VERSIONS = [22, 24];

/**
 * `npm run check:runtimes`: every test on other versions of Node, those of the server on Bun and Deno
 * among them. Names of test files limit it to those: `npm run check:runtimes -- test/node/server.test.ts`
 */
const files = process.argv.slice(2);
const outcomes = [];

for (const folder of ['test/runtimes', 'test/node-versions']) {
  run('npm', ['ci', '--prefix', folder], process.env);
}
for (const version of VERSIONS) {
  const name = `node-${version}-${process.platform}-${process.arch}`;
  const node = join(ROOT, 'test/node-versions/node_modules', name, 'bin/node');
  if (existsSync(node)) check(version, node);
  else outcomes.push([`Node ${version}`, `no package has it for ${process.platform}`]);
}
for (const [what, failure] of outcomes) console.log(`${what}: ${failure ?? 'passed'}`);
process.exitCode = outcomes.some(([, failure]) => failure) ? 1 : 0;

function check(version, node) {
  // What the tests start finds the same Node.
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  run(node, [VITEST, 'run', ...files], env, `Node ${version}, tests`);
  if (files.length > 0) return;
  const browser = ['run', '--config', 'vitest.browser.config.ts'];
  run(node, [VITEST, ...browser], env, `Node ${version}, tests in a browser`);
}

function run(program, args, env, what = `${program} ${args.join(' ')}`) {
  console.log(`== ${what}`);
  const { status, signal } = spawnSync(program, args, { cwd: ROOT, env, stdio: 'inherit' });
  outcomes.push([what, status === 0 ? null : `failed (${status ?? signal})`]);
}
