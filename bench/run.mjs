import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine, versions } from './support/machine.mjs';
import { OTHER_CORE, PINNED, run } from './support/processes.mjs';
import { startRedis } from './support/redis.mjs';
import { ROOT } from './support/subjects.mjs';
import { figureTable, markdown } from './support/table.mjs';

const FIGURES = ['reads', 'logins', 'costs', 'sessions', 'start', 'bundle', 'workers'];
const RESULTS = fileURLToPath(new URL('RESULTS.md', import.meta.url));

if (!existsSync(new URL('node_modules', import.meta.url))) {
  console.error('What is compared with is not installed: npm ci --prefix bench');
  process.exit(2);
}

const missing = ['wrk', 'redis-server'].find((name) => spawnSync(name, ['-v']).error);
if (missing) {
  console.error(`${missing} is not installed: apt-get install ${missing}`);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: FIGURES.join(',') },
    build: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const chosen = values.only.split(',');
const unknown = chosen.find((name) => !FIGURES.includes(name));
if (unknown !== undefined) {
  console.error(`--only ${unknown}: the figures are ${FIGURES.join(', ')}`);
  process.exit(2);
}

const FULL = { rounds: 5, warmUp: 2, seconds: 5, mixedSeconds: 10, logins: 40, tries: 40 };
const QUICK = { rounds: 1, warmUp: 1, seconds: 2, mixedSeconds: 6, logins: 16, tries: 10 };
const options = values.quick ? QUICK : FULL;

/** What stands on a terminal's last line goes when the next comes. */
const log = process.stderr.isTTY
  ? (text) => process.stderr.write(`\r\x1b[K${text}`)
  : (text) => process.stderr.write(`${text}\n`);

const started = performance.now();
if (values.build) await run(process.execPath, ['scripts/build.mjs'], { cwd: ROOT });
const rows = [];
const tables = [];
for (const name of chosen) {
  const { measure } = await import(`./figures/${name}.mjs`);
  const redis = await startRedis();
  const result = await measure({ redis, options, log: (text) => log(`${name}: ${text}`) });
  await redis.close();
  rows.push(...result.rows);
  if (result.table) tables.push(result.table);
}
log('');

const minutes = Math.ceil((performance.now() - started) / 60_000);
const report = [
  '# Results',
  `${new Date().toISOString().slice(0, 10)}, ${machine()}. ${versions()}.`,
  `${values.quick ? 'A quick run, a rough guide only: ' : ''}medians of ${options.rounds} alternating ${options.rounds === 1 ? 'round' : 'rounds'} of ${options.seconds} s, ${minutes} min in all; ${PINNED ? `the server on one core, load and Redis on another (${OTHER_CORE})` : 'not held to cores'}. What each line means stands in [README.md](README.md).`,
  figureTable(rows),
  ...tables.map(({ title, head, lines }) => `## ${title}\n\n${markdown(head, lines)}`),
].join('\n\n');
console.log(report);
// A part of the figures, or rough ones, must not stand in for all of them.
if (!values.quick && chosen.length === FIGURES.length) writeFileSync(RESULTS, `${report}\n`);
process.exit(0);
