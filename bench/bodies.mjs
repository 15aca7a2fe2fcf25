import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from './support/ports.mjs';
import {
  cpuTime,
  launch,
  run,
  SERVER_CORE,
  stop,
  temporaryFolder,
  waitUntil,
} from './support/processes.mjs';
import { NO_LIMITS, ROOT } from './support/subjects.mjs';

/**
 * What the worst body of 16 KiB costs each route: milliseconds of CPU of the whole process for one
 * request, and without those of a usual wrong password. The goal is below 3 ms. Linux only.
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100' },
    build: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const requests = Number(values.requests);
const GOAL = 3;
const PASSWORD = 'correct horse battery staple';
const ROOM = 16 * 1024 - 64;

/** Texts that cost more than their length to normalize, to split, or to make an address of. */
const fitting = (part) => part.repeat(Math.floor(ROOM / Buffer.byteLength(part)));
const TEXTS = {
  'combining marks': fitting('\u0345\u0334'),
  'the longest text of combining marks that is looked at': '\u0345\u0334'.repeat(399),
  'a domain of Han characters': `a@${fitting('中').slice(0, 5000)}.com`,
  'the longest domain of Han characters that is looked at': `a@${'中.'.repeat(156)}com`,
  'a password of 1,024 marks': '\u0345\u0334'.repeat(512),
  'quotation marks': fitting('\\"').slice(0, ROOM / 2),
};

const object = (entries) => JSON.stringify(Object.fromEntries(entries));
const nested = (depth) => `{"a":${'{"a":'.repeat(depth)}1${'}'.repeat(depth + 1)}`;

/** Bodies that are none of a route's own. */
const ANY = {
  'thousands of unknown keys': object(
    Array.from({ length: 1700 }, (_, n) => [n.toString(36).padStart(3, 'k'), 0]),
  ),
  'deep nesting': nested(2700),
};

const ROUTES = {
  'POST /auth/register': ['email', 'username', 'name', 'password'],
  'POST /auth/login': ['email', 'username', 'password'],
  'POST /auth/password/forgot': ['email'],
  'POST /auth/password/reset': ['token', 'password'],
  'POST /auth/email/verify': ['token', 'password'],
  'POST /auth/logout': [],
  'POST /auth/reauthenticate': ['password'],
  'PATCH /auth/user': ['name', 'username'],
  'PATCH /auth/session/data': ['a'],
  'POST /auth/password': ['currentPassword', 'newPassword'],
  'POST /auth/email': ['email'],
  'DELETE /auth/user': ['password'],
  'POST /admin/users': ['email', 'username', 'name'],
  'PATCH /admin/users/{self}': ['name'],
};

/** What else the fields of a route are when all is right. */
const RIGHT = {
  'POST /auth/register': { email: 'bob@example.com', password: PASSWORD },
  'POST /auth/login': { email: 'ada@example.com', password: PASSWORD },
  'POST /auth/password': { currentPassword: PASSWORD, newPassword: PASSWORD },
};

const roles = Array.from({ length: 1500 }, (_, n) => `r${n}`);

function bodiesOf(route) {
  const bodies = { ...ANY };
  for (const field of ROUTES[route]) {
    for (const [what, text] of Object.entries(TEXTS)) {
      bodies[`${field}: ${what}`] = JSON.stringify({ ...RIGHT[route], [field]: text });
    }
  }
  if (route.includes('/admin/users')) bodies['roles: 1,500 of them'] = JSON.stringify({ roles });
  if (route.endsWith('/session/data')) {
    bodies['as much as may be kept'] = object(
      Array.from({ length: 50 }, (_, n) => [`key${n}`, 'x'.repeat(150)]),
    );
  }
  return Object.entries(bodies).filter(([, body]) => Buffer.byteLength(body) <= 16 * 1024);
}

if (values.build) await run(process.execPath, ['scripts/build.mjs'], { cwd: ROOT });
const port = await freePort();
const base = `http://localhost:${port}`;
const folder = temporaryFolder();
const env = {
  ...NO_LIMITS,
  PORT: String(port),
  DATA_DIR: folder,
  DRAIN: '0s',
  BCRYPT_COST: '4',
  LOG_LEVEL: 'error',
};
const server = launch(process.execPath, [join(ROOT, 'dist/server/server.js')], {
  core: SERVER_CORE,
  env,
  cwd: folder,
});
const answers = () =>
  fetch(`${base}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
await waitUntil(answers, server);

const json = { 'content-type': 'application/json' };
const registered = await fetch(`${base}/auth/register`, {
  method: 'POST',
  headers: json,
  body: JSON.stringify({ username: 'ada', password: PASSWORD }),
});
const { user } = await registered.json();
const admin = ['dist/server/gatehouse.js', 'users', 'set-role', 'ada', 'admin'];
const made = spawnSync(process.execPath, admin, { cwd: ROOT, env: { ...process.env, ...env } });
if (made.status !== 0) throw new Error(`no admin: ${made.stderr}`);
const [cookie] = registered.headers
  .getSetCookie()
  .map((line) => line.split(';')[0])
  .filter((pair) => pair.startsWith('gatehouse='));

/** A sign-in with the cookie would end its session. */
const PUBLIC = /register|login|forgot|reset|verify|logout/;

async function ask(route, body) {
  const [method, path] = route.replace('{self}', user.id).split(' ');
  const answer = await fetch(base + path, {
    method,
    headers: PUBLIC.test(route) ? json : { ...json, cookie },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Milliseconds of CPU of one request, and how it was answered. */
async function costOf(route, body) {
  for (let n = 0; n < 5; n += 1) await ask(route, body);
  const before = cpuTime(server.pid);
  let status = 0;
  for (let n = 0; n < requests; n += 1) status = await ask(route, body);
  return { cost: (cpuTime(server.pid) - before) / requests, status };
}

/** What a usual wrong password costs: its hash, and what is written of it. */
const wrong = await costOf('POST /auth/login', '{"username":"nobody","password":"wrong"}');
const malformed = await costOf('POST /auth/login', '{"username":"nobody","password":1}');
const hashing = Math.max(0, wrong.cost - malformed.cost);

const rows = [];
for (const route of Object.keys(ROUTES)) {
  let worst = { cost: 0 };
  for (const [what, body] of bodiesOf(route)) {
    const { cost, status } = await costOf(route, body);
    if (cost > worst.cost) worst = { cost, what, status };
  }
  const hashes = worst.status === 401;
  rows.push({ route, ...worst, apart: worst.cost - (hashes ? hashing : 0) });
}
await stop(server);

console.log('| route | worst body | status | ms of CPU a request | hashing apart |');
console.log('| --- | --- | --- | --- | --- |');
for (const { route, what, status, cost, apart } of rows) {
  console.log(`| \`${route}\` | ${what} | ${status} | ${cost.toFixed(2)} | ${apart.toFixed(2)} |`);
}
const most = Math.max(...rows.map(({ apart }) => apart));
console.log(`\nA usual wrong password: ${hashing.toFixed(2)} ms.`);
console.log(`The worst is ${most.toFixed(2)} ms; the goal is below ${GOAL} ms.`);
process.exitCode = most < GOAL ? 0 : 1;
