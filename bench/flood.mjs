import { send } from './support/client.mjs';
import { run } from './support/processes.mjs';
import { startRedis } from './support/redis.mjs';
import { ROOT, signUp, startSubject } from './support/subjects.mjs';

/** What a flood of logins does to signed-in reads: `node bench/flood.mjs`. */
const LOGINS = 80;
const READS = 400;

await run(process.execPath, ['scripts/build.mjs'], { cwd: ROOT });
const redis = await startRedis();
const subject = await startSubject('embedded', redis);
const { email, cookie } = await signUp(subject);
const read = async () => {
  const { status, milliseconds } = await send(subject.url, { path: subject.api.read, cookie });
  if (status !== 200) throw new Error(`a read was answered ${status}`);
  return milliseconds;
};

for (let n = 0; n < READS; n += 1) await read();
const idle = [];
for (let n = 0; n < READS; n += 1) idle.push(await read());

let flooding = true;
const flood = Promise.all(
  Array.from({ length: LOGINS }, () => send(subject.url, subject.api.signIn(email))),
).finally(() => {
  flooding = false;
});
const flooded = [];
while (flooding) flooded.push(await read());
const logins = await flood;
await subject.stop();
await redis.close();

const p95 = (times) => times.sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1];
const refused = logins.filter(({ status }) => status === 503).map((one) => one.milliseconds);
const counted = new Map();
for (const { status } of logins) counted.set(status, (counted.get(status) ?? 0) + 1);
console.log(`p95 of a signed-in read: ${p95(idle).toFixed(2)} ms idle (${idle.length} reads)`);
console.log(
  `${p95(flooded).toFixed(2)} ms during ${LOGINS} logins at once (${flooded.length} reads): ${(p95(flooded) / p95(idle)).toFixed(1)} ×`,
);
console.log(`logins: ${[...counted].map(([status, count]) => `${count} × ${status}`).join(', ')}`);
console.log(`the 503s within ${Math.max(...refused).toFixed(0)} ms`);
process.exit(0);
