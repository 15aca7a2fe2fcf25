import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { latencies } from './figures/sessions.mjs';
import { copyPerson } from './support/copies.mjs';
import { machine, versions } from './support/machine.mjs';
import { run } from './support/processes.mjs';
import { startRedis } from './support/redis.mjs';
import { identityOf, ROOT, signIn, signUp, startSubject } from './support/subjects.mjs';
import { count, figureTable, milliseconds, row } from './support/table.mjs';

/**
 * What a million sessions take up in Redis, and what login, list and log out everywhere take with
 * those around: `node bench/memory.mjs [--users 200000]`. Redis grows to about a gigabyte.
 */
const SESSIONS_EACH = 5;
const RESULTS = fileURLToPath(new URL('MEMORY.md', import.meta.url));
const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '200000' },
    build: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const users = Number(values.users);
const TRIES = 40;

if (values.build) await run(process.execPath, ['scripts/build.mjs'], { cwd: ROOT });
const redis = await startRedis();
const server = await startSubject('rest', redis, { cost: 4 });
await latencies(server, 5);
const empty = await latencies(server, TRIES);
await redis.client.flushAll();

const person = await signUp(server);
const cookies = [person.cookie];
while (cookies.length < SESSIONS_EACH) cookies.push((await signIn(server, person.email)).cookies);
const identities = [];
for (const cookie of cookies) identities.push(await identityOf(server, { cookie }));
const [{ userId }] = identities;
const sessionIds = identities.flatMap((identity) => identity.sessionIds);

const before = await redis.usedMemory();
await copyPerson(redis, { userId, sessionIds }, users, { log: console.error });
const sessions = users * SESSIONS_EACH;
const bytes = ((await redis.usedMemory()) - before) / sessions;
const full = await latencies(server, TRIES);
await server.stop();
await redis.close();

const around = `${count(sessions)} sessions of ${count(users)} users`;
const latency = (figure, which) =>
  row({
    figure: `${figure}, with ${around}`,
    ours: full[which],
    other: empty[which],
    against: 'an empty store',
    goal: { most: 1.5 },
    as: milliseconds,
  });
const report = [
  '# A million sessions',
  `${new Date().toISOString().slice(0, 10)}, ${machine()}. ${versions()}.`,
  `Medians of ${TRIES} requests, one at a time, at a bcrypt cost of 4. What each line means stands in [README.md](README.md).`,
  figureTable([
    row({ figure: `Redis bytes a session, ${around}, all included`, ours: bytes, as: count }),
    latency('read', 'read'),
    latency('login', 'login'),
    latency('list own sessions', 'list'),
    latency('log out everywhere', 'revokeAll'),
  ]),
].join('\n\n');
console.log(report);
if (sessions >= 1_000_000) writeFileSync(RESULTS, `${report}\n`);
process.exit(0);
