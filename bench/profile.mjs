import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reads } from './support/measure.mjs';
import { temporaryFolder } from './support/processes.mjs';
import { startRedis } from './support/redis.mjs';
import { SUBJECTS, signUp, startSubject } from './support/subjects.mjs';

/** Where the time of a signed-in read goes: `node bench/profile.mjs [server] [seconds]`. */
const [name = 'rest', seconds = '5'] = process.argv.slice(2);
if (!SUBJECTS[name]) throw new Error(`which server? ${Object.keys(SUBJECTS).join(', ')}`);

/** A process that a signal ends writes no profile. */
const ORDERLY = 'data:text/javascript,process.once("SIGTERM",()=>process.exit())';

const redis = await startRedis();
const folder = temporaryFolder();
const subject = await startSubject(name, redis, {
  args: ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--import=${ORDERLY}`],
});
const { cookie } = await signUp(subject);
const { rate } = await reads(subject, { cookies: [cookie], seconds });
await subject.stop();
await redis.close();

const [file] = readdirSync(folder);
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
const spent = new Map();
samples.forEach((id, i) => {
  const { functionName, url, lineNumber } = frames.get(id);
  const place = `${functionName || '(anonymous)'} ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`;
  spent.set(place, (spent.get(place) ?? 0) + timeDeltas[i]);
});
for (const idle of spent.keys()) if (/^\((idle|program)\) /.test(idle)) spent.delete(idle);
const total = [...spent.values()].reduce((sum, each) => sum + each, 0);
console.log(`${subject.label}: ${Math.round(rate)} requests/s under the profiler`);
for (const [place, time] of [...spent].sort((a, b) => b[1] - a[1]).slice(0, 40)) {
  console.log(`${((time / total) * 100).toFixed(1).padStart(5)} %  ${place}`);
}
process.exit(0);
