import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { reads, rounds } from '../support/measure.mjs';
import { cpuTime, run } from '../support/processes.mjs';
import { startSqld } from '../support/sqld.mjs';
import { ROOT, SUBJECTS, signUp, workerSettings } from '../support/subjects.mjs';
import { count, milliseconds, row, share } from '../support/table.mjs';
import { bundle, ENTRIES, startWorker } from '../support/workers.mjs';
import { TABLES } from '../workers/better-auth-app.mjs';

const LABELS = { floor: 'Hono + GET, @upstash/redis', plain: 'bare Hono' };

/** Signed-in reads in the Workers runtime, and the CPU that a fresh one takes to its first answer. */
export async function measure({ redis, options, log }) {
  await redis.client.set('floor', 'x'.repeat(600));
  const sqld = await startSqld();
  await prepareDatabase(sqld.url);
  const settings = workerSettings(redis, sqld.url);
  const workers = {};
  for (const [name, entry] of Object.entries(ENTRIES)) {
    log(`building ${name}`);
    const { file } = await bundle(entry);
    const { api } = SUBJECTS[name] ?? SUBJECTS.bare;
    workers[name] = { file, api, label: SUBJECTS[name]?.label ?? LABELS[name] };
  }
  log('building betterAuth as it comes');
  const { file: asItComes } = await bundle(ENTRIES.betterAuth, { minified: false });
  const firsts = {
    ...workers,
    betterAuthDeployed: { ...workers.betterAuth, file: asItComes },
    plain: { ...workers.floor, path: '/bare' },
  };
  const first = await rounds(options.rounds, Object.keys(firsts), async (name) => {
    log(`${name}: first answer`);
    const { file, api, path = api.read } = firsts[name];
    const worker = await startWorker(file, settings, path);
    const cpu = cpuTime(worker.pid);
    await worker.stop();
    return { cpu };
  });

  for (const worker of Object.values(workers)) {
    Object.assign(worker, await startWorker(worker.file, settings, worker.api.read));
  }
  for (const [name, worker] of Object.entries(workers)) {
    worker.cookies = name === 'floor' ? [] : [(await signUp(worker)).cookie];
    await reads(worker, { cookies: worker.cookies, seconds: options.warmUp });
  }
  const results = await rounds(options.rounds, Object.keys(workers), (name) => {
    log(`${name}: reads`);
    return reads(workers[name], { cookies: workers[name].cookies, seconds: options.seconds });
  });
  for (const worker of Object.values(workers)) await worker.stop();
  await sqld.close();

  const compare = (other, least) =>
    row({
      figure: 'Workers: signed-in reads, requests/s',
      ours: results.median.rest.rate,
      other: results.median[other].rate,
      against: LABELS[other] ?? other,
      goal: { least },
      as: count,
    });
  const cpu = (against, goal, { other = against, how = '' } = {}) =>
    row({
      figure: `Workers: CPU to the first answer${how}`,
      ours: first.median.rest.cpu,
      other: first.median[other].cpu,
      against: LABELS[against] ?? against,
      goal,
      as: milliseconds,
    });
  return {
    rows: [
      compare('floor', 0.85),
      compare('betterAuth', 1.5),
      compare('honoSessions', 4),
      cpu('betterAuth', { most: 0.45 }),
      cpu('betterAuth', { most: 0.45 }, { other: 'betterAuthDeployed', how: ', each as deployed' }),
      cpu('plain'),
    ],
    table: {
      title: 'Workers: reads by 32 connections, one core',
      head: ['worker', 'requests/s', 'p50', 'p99', 'core used', 'CPU a request'],
      lines: Object.entries(workers).map(([name, { label }]) => {
        const { rate, p50, p99, cpu: used } = results.median[name];
        const core = `${Math.round(used * 100)} %`;
        return [label, count(rate), milliseconds(p50), milliseconds(p99), core, share(used, rate)];
      }),
    },
  };
}

async function prepareDatabase(url) {
  await run(process.execPath, [join(ROOT, 'dist/server/migrate.js')], {
    cwd: ROOT,
    env: { TURSO_DATABASE_URL: url, SESSION_SECRET: 'not-used-here-but-always-asked-for' },
  });
  const client = createClient({ url });
  for (const table of TABLES) await client.execute(table);
}
