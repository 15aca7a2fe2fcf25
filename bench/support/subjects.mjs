import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers, expect } from './client.mjs';
import { freePort } from './ports.mjs';
import { launch, SERVER_CORE, stop, temporaryFolder, waitUntil } from './processes.mjs';
import { REST_TOKEN } from './redis.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SERVERS = fileURLToPath(new URL('../servers', import.meta.url));

const SECRET = 'a-secret-of-the-benchmark-of-forty-letters';
const PASSWORD = 'plum-trellis-47-orbit-canyon';

/** The load comes from one address, which must not be what is measured. */
export const NO_LIMITS = {
  ...Object.fromEntries(
    ['LOGIN_ADDRESS', 'REGISTER', 'ANONYMOUS', 'PASSWORD', 'TOKEN', 'MAIL', 'WRITES']
      .concat('FORGOT_ACCOUNT', 'FORGOT_ADDRESS')
      .map((name) => [`LIMIT_${name}`, '100000000/1h']),
  ),
  LIMIT_LOGIN_ACCOUNT: '100000000/1s..1s',
};

/** What the routes of a server are called. */
const OURS = {
  read: '/auth/session',
  signUp: (email) => ({
    method: 'POST',
    path: '/auth/register',
    json: { email, password: PASSWORD },
    status: 201,
  }),
  signIn: (email) => ({ method: 'POST', path: '/auth/login', json: { email, password: PASSWORD } }),
  signOut: { method: 'POST', path: '/auth/logout', status: 204 },
  list: { path: '/auth/sessions' },
  revokeAll: { method: 'DELETE', path: '/auth/sessions' },
};
const BETTER_AUTH = {
  read: '/api/auth/get-session',
  signUp: (email) => ({
    method: 'POST',
    path: '/api/auth/sign-up/email',
    json: { email, password: PASSWORD, name: 'Somebody' },
  }),
  signIn: (email) => ({
    method: 'POST',
    path: '/api/auth/sign-in/email',
    json: { email, password: PASSWORD },
  }),
  signOut: { method: 'POST', path: '/api/auth/sign-out', json: {} },
  list: { path: '/api/auth/list-sessions' },
  revokeAll: { method: 'POST', path: '/api/auth/revoke-sessions', json: {} },
};

const gatehouse = (label, settings) => ({
  label,
  script: join(ROOT, 'dist/server/server.js'),
  api: { ...OURS, revokeAll: { method: 'DELETE', path: '/auth/sessions?include=current' } },
  env: ({ redis, folder, url, cost }) => ({
    DATA_DIR: folder,
    DRAIN: '0s',
    BASE_URL: url,
    BCRYPT_COST: cost,
    ...NO_LIMITS,
    ...settings(redis),
  }),
});

const peer = (label, script, api = OURS) => ({
  label,
  script: join(SERVERS, script),
  api,
  env: ({ redis, folder, url, cost }) => ({
    BASE_URL: url,
    REDIS_URL: redis.url,
    REST_URL: redis.restUrl,
    REST_TOKEN,
    SECRET,
    FILE: join(folder, 'peer.db'),
    COST: cost,
  }),
});

const floor = (label, kind) => {
  const { script, api, env } = peer(label, 'floor.mjs');
  return {
    label,
    script,
    api,
    env: (parts) => ({ ...env(parts), KIND: kind, VALUE: 'x'.repeat(600) }),
  };
};

export const SUBJECTS = {
  rest: gatehouse('Gatehouse, REST', ({ restUrl }) => ({
    UPSTASH_REDIS_REST_URL: restUrl,
    UPSTASH_REDIS_REST_TOKEN: REST_TOKEN,
    SESSION_SECRET: SECRET,
  })),
  tcp: gatehouse('Gatehouse, TCP', ({ url }) => ({ REDIS_URL: url, SESSION_SECRET: SECRET })),
  embedded: gatehouse('Gatehouse, embedded store', () => ({})),
  express: peer('(a) express-session, passport', 'express.mjs'),
  betterAuth: peer('(b) better-auth', 'better-auth.mjs', BETTER_AUTH),
  honoSessions: peer('(c) hono-sessions', 'hono-sessions.mjs'),
  bare: floor('bare Hono', 'bare'),
  plainRest: floor('Hono + GET, @upstash/redis', 'rest'),
  plainTcp: floor('Hono + GET, TCP', 'tcp'),
  plainSql: floor('Hono + SELECT, libsql', 'sql'),
};

/** What the Workers are given, each taking what is its own. */
export const workerSettings = ({ restUrl }, databaseUrl) => ({
  ...NO_LIMITS,
  BCRYPT_COST: '4',
  SESSION_SECRET: SECRET,
  UPSTASH_REDIS_REST_URL: restUrl,
  UPSTASH_REDIS_REST_TOKEN: REST_TOKEN,
  TURSO_DATABASE_URL: databaseUrl,
  SECRET,
  REST_URL: restUrl,
  REST_TOKEN,
  DATABASE_URL: databaseUrl,
});

/** Starts a server on the first core, in a fresh folder, and waits for its first answer. */
export async function startSubject(
  name,
  redis,
  { cost = 12, args = [], ipc = false, env = {} } = {},
) {
  const subject = SUBJECTS[name];
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = temporaryFolder();
  const settings = subject.env({ redis, folder, url, cost: String(cost) });
  const process_ = launch(process.execPath, [...args, subject.script], {
    core: SERVER_CORE,
    env: { PORT: String(port), ...settings, ...env },
    ipc,
    log: join(folder, 'log'),
  });
  await waitUntil(() => answers(url, subject.api.read), process_, 20_000, 2);
  return {
    ...subject,
    name,
    url,
    /** When it came, on the clock of `performance.now()`. */
    firstAnswer: performance.now(),
    process: process_,
    pid: process_.pid,
    stop: () => stop(process_),
  };
}

/** Makes a user of its own and answers with its name and the cookie it is signed in by. */
export async function signUp({ url, api }) {
  const email = `${randomUUID().slice(0, 13)}@example.com`;
  const { status = 200, ...request } = api.signUp(email);
  const { cookies } = await expect(status, url, request);
  await checkSignedIn({ url, api }, email, cookies);
  return { email, cookie: cookies };
}

/** Signs a user in once more; the answer, its cookies included. */
export async function signIn({ url, api }, email) {
  return expect(200, url, api.signIn(email));
}

/** Throws unless a read says who is signed in: speed without an answer is worth nothing. */
export async function checkSignedIn({ url, api }, email, cookie) {
  const { text } = await expect(200, url, { path: api.read, cookie });
  if (!text.includes(email)) throw new Error(`${url}: not signed in as ${email}: ${text}`);
}

/**
 * The ids that a signed-in person's records are made of: of the user, and of each session as the
 * store knows it.
 */
export async function identityOf({ name, url, api }, { cookie }) {
  const { text } = await expect(200, url, { path: api.read, cookie });
  const { user, session } = JSON.parse(text);
  // What stands before the signature in the cookies of (a) and (b).
  const [, signed] = /=(?:s%3A)?([^.]+)\./.exec(cookie) ?? [];
  const sessionIds = name === 'rest' ? [session.id] : [decodeURIComponent(signed)];
  return { userId: user.id, sessionIds };
}
