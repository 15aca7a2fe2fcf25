import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import type { Database } from '../../src/db/client.ts';
import { openFile } from '../../src/db/file.ts';
import { applyMigrations } from '../../src/db/migrate.ts';
import { openGate } from '../../src/passwords/gate.ts';
import type { Bcrypt } from '../../src/passwords/passwords.ts';
import type { RedisClient } from '../../src/redis/client.ts';
import { createServices } from '../../src/services.ts';
import { cardKey, sessionKey } from '../../src/session/keys.ts';
import { decodeRecord } from '../../src/session/record.ts';
import { minutes, seconds } from '../../src/time.ts';
import type { User } from '../../src/users/users.ts';
import { PASSWORD } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { silentLog } from '../support/logs.ts';
import { everyOrder, type Outcome, Turnstile } from '../support/turnstile.ts';

const LOGIN = { json: { email: '', password: PASSWORD } };
const NEW_PASSWORD = 'another horse battery staple';
const BY = { ip: null, userAgent: null, requestId: 'test', language: 'en' } as const;
const ROOT = { id: 'root' } as User;
const ADMIN = { id: ROOT.id, by: BY };

/** Bcrypt as a port: what is tried here is the order of steps, hundreds of thousands of times. */
const quick: Bcrypt = async (input, settings) =>
  settings + Buffer.from(input).toString('hex').slice(0, 31).padEnd(31, '.');

let folder: string;
let database: Database;

/** The application of all runs, whose actors stop at the turnstile. */
function openHouse(redis: RedisClient) {
  let offset = 0;
  const clock = { now: () => Date.now() + offset };
  const turnstile = new Turnstile();
  const config = parseConfig(
    {
      ...{ SESSION_SECRET: 's'.repeat(32), BCRYPT_COST: '4' },
      ...{ LIMIT_LOGIN_ADDRESS: '1000000/1h', LIMIT_REGISTER: '1000000/1h' },
    },
    'node',
  );
  const services = createServices(config, {
    redis: turnstile.redis(redis),
    database: turnstile.database(database),
    ...{ bcrypt: quick, gate: openGate, mailer: null, keepAlive() {}, clock, log: silentLog },
  });
  const app = createApp(services, { clientAddress: () => '192.0.2.1' });
  return {
    ...{ redis, services, turnstile },
    browser: () => new Client((request) => app.fetch(request), config.baseUrl),
    wait(span: number) {
      offset += span;
    },
    /** What is left of an earlier run goes on no more. */
    clear() {
      offset = 0;
      turnstile.clear();
    },
  };
}

type House = ReturnType<typeof openHouse>;

/** A user with a session, and another session from which it is ended. */
async function makeScene({ redis, services, turnstile, browser, wait, clear }: House) {
  clear();
  const email = `${crypto.randomUUID()}@example.com`;
  const login = { json: { ...LOGIN.json, email } };
  const owner = browser();
  const { json } = await owner.post('/auth/register', { json: { email, password: PASSWORD } });
  const userId: string = json.user.id;
  const elsewhere = browser();
  await elsewhere.post('/auth/login', login);
  return {
    ...{ services, turnstile, browser, wait, login, owner, elsewhere, userId },
    sessionId: json.session.id as string,
    /** The epoch of a session's record, whatever the server makes of it. */
    async epochOf(id: string) {
      const [text = null] = await redis.get([sessionKey(userId, id)]);
      return decodeRecord(text)?.login?.epoch;
    },
    cold: () => redis.delete([cardKey(userId)]),
    warm: () => owner.get('/auth/session'),
  };
}

type Scene = Awaited<ReturnType<typeof makeScene>>;

/** What somebody does with the session, or to get one. Answers the browsers that may be signed in. */
const USES: Record<string, (scene: Scene) => Promise<() => Promise<Client>>> = {
  async 'reads with a cold card'({ owner, cold }) {
    await cold();
    return async () => {
      await owner.get('/auth/session');
      return owner;
    };
  },
  async 'saves session data'({ owner, warm }) {
    await warm();
    return async () => {
      await owner.post('/counter');
      return owner;
    };
  },
  async 'renews idleness'({ owner, warm, wait }) {
    await warm();
    wait(minutes(7));
    return async () => {
      await owner.get('/auth/session');
      return owner;
    };
  },
  async 'renews the token'({ owner, warm }) {
    await warm();
    const renewing = owner.copy();
    return async () => {
      await renewing.post('/auth/reauthenticate', { json: { password: PASSWORD } });
      return renewing;
    };
  },
  async 'reads with a replaced token'({ owner, warm }) {
    await warm();
    const before = owner.copy();
    await owner.post('/auth/reauthenticate', { json: { password: PASSWORD } });
    return async () => {
      await before.get('/auth/session');
      return before;
    };
  },
  async 'logs in'({ browser, login, warm }) {
    await warm();
    const fresh = browser();
    return async () => {
      await fresh.post('/auth/login', login);
      return fresh;
    };
  },
};

interface Ending {
  /** Prepares, and answers what ends the session; true: it was answered that it has ended. */
  prepare(scene: Scene): Promise<() => Promise<boolean>>;
  /** The session that asked for it goes on. */
  keeps?: boolean;
  ends: 'this session' | 'all sessions' | 'the account' | 'a role';
}

const ENDINGS: Record<string, Ending> = {
  logout: {
    ends: 'this session',
    async prepare({ owner }) {
      const tab = owner.copy();
      return async () => (await tab.post('/auth/logout')).status === 204;
    },
  },
  'revoke one': {
    ends: 'this session',
    async prepare({ elsewhere, sessionId }) {
      const path = `/auth/sessions/${sessionId}`;
      return async () => [204, 404].includes((await elsewhere.request('DELETE', path)).status);
    },
  },
  'revoke all others': {
    ends: 'all sessions',
    keeps: true,
    async prepare({ elsewhere }) {
      return async () => (await elsewhere.request('DELETE', '/auth/sessions')).status === 200;
    },
  },
  'a new password': {
    ends: 'all sessions',
    keeps: true,
    async prepare({ elsewhere }) {
      const json = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      return async () => (await elsewhere.post('/auth/password', { json })).status === 204;
    },
  },
  'a new epoch': {
    ends: 'all sessions',
    async prepare({ services, userId }) {
      return async () => (await services.revocation.revokeAll(userId, ROOT, BY)).ok;
    },
  },
  'a new role': {
    ends: 'a role',
    async prepare({ services, userId }) {
      return async () =>
        (await services.administration.change(userId, { roles: ['editor'] }, ADMIN, true)).ok;
    },
  },
  disabling: {
    ends: 'the account',
    async prepare({ services, userId }) {
      return async () =>
        (await services.administration.change(userId, { disabled: true }, ADMIN)).ok;
    },
  },
};

async function rowOf({ services, userId }: Scene) {
  const row = await services.users.byId(userId);
  if (!row) throw new Error('the user is gone');
  return row;
}

async function check(scene: Scene, ending: Ending, answered: boolean, used: Client | null) {
  const { owner, elsewhere, browser, login, sessionId, epochOf } = scene;
  const sessionOf = async (client: Client) => (await client.get('/auth/session')).json;
  const { epoch } = await rowOf(scene);
  for (const client of [owner, used]) {
    const { user, session } = client ? await sessionOf(client) : { user: null, session: null };
    if (session === null) continue;
    if (ending.ends === 'a role') {
      if (answered) expect(user.roles, 'a stale role').toContain('editor');
    } else if (answered) {
      expect(session.id, 'an ended session is signed in').not.toBe(sessionId);
      expect(ending.ends, 'somebody disabled is signed in').not.toBe('the account');
      expect(await epochOf(session.id), 'a login of before is signed in').toBe(epoch);
    }
  }
  if (answered && ending.keeps) {
    expect((await sessionOf(elsewhere)).session, 'who ended the others is out').not.toBeNull();
  }
  // Marks are gone after a minute; then everything follows the row, and nobody is locked out.
  scene.wait(seconds(61));
  const row = await rowOf(scene);
  const fresh = browser();
  const statuses: number[] = [];
  for (const password of [PASSWORD, NEW_PASSWORD]) {
    statuses.push((await fresh.post('/auth/login', { json: { ...login.json, password } })).status);
  }
  expect(statuses.sort(), 'locked out, or let in').toEqual([row.disabled ? 401 : 200, 401]);
  const { user } = await sessionOf(fresh);
  expect(user?.roles, 'the row does not hold').toEqual(row.disabled ? undefined : row.roles);
}

const FAILURES: readonly Outcome[] = ['lost', 'dies'];

export interface OpenStore {
  redis: RedisClient;
  close(): Promise<void>;
}

/** Every use of a session against every ending, in every order of steps, with every step failing. */
export function provesFinalRevocation(open: () => Promise<OpenStore>, failures = FAILURES) {
  let store: OpenStore;
  let house: House;
  beforeAll(async () => {
    store = await open();
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-orders-'));
    database = await openFile(join(folder, 'gatehouse.db'));
    await applyMigrations(database, 'drizzle');
    // Nobody pulls the plug here.
    await database.run((db) => db.run(sql`PRAGMA synchronous = OFF`));
    house = openHouse(store.redis);
    // Losers of a race wait for a moment of chance; here the order is driven, so they need not.
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await store.close();
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(Object.entries(ENDINGS))('%s', (_ending, ending) => {
    it.each(Object.entries(USES))(
      'is final for somebody who %s',
      async (_use, use) => {
        let answeredRuns = 0;
        const runs = await everyOrder(async (decide) => {
          const scene = await makeScene(house);
          const useIt = await use(scene);
          const endIt = await ending.prepare(scene);
          const { turnstile } = scene;
          const using = turnstile.start('use', useIt);
          const ended = turnstile.start('end', () => endIt().catch(() => false));
          for (let steps = await turnstile.pending(); steps.length > 0; ) {
            if (!decide(steps)) return;
            steps = await turnstile.pending();
          }
          const answered = (await ended) === true;
          if (answered) answeredRuns += 1;
          await check(scene, ending, answered, await using);
        }, failures);
        expect(answeredRuns).toBeGreaterThan(0);
        expect(runs).toBeGreaterThan(failures.length > 0 ? 4 : 1);
        if (process.env.SHOW_RUNS) console.log(`${_ending} / ${_use}: ${runs} orders`);
      },
      300_000,
    );
  });
}
