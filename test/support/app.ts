import { type SQL, sql } from 'drizzle-orm';
import { inject, onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import { connectRemote, type Database } from '../../src/db/client.ts';
import type { AnsweredRequest } from '../../src/log.ts';
import type { Message } from '../../src/mail/mailer.ts';
import { createServices } from '../../src/services.ts';
import { type Milliseconds, seconds } from '../../src/time.ts';
import type { FaultKind, Orders } from './backing.ts';
import { Client } from './client.ts';
import { databaseUrl } from './database-url.ts';
import { Holdable } from './holdable.ts';
import { recordingLog } from './logs.ts';
import { runtime } from './runtime.ts';
import { TestMailer } from './test-mailer.ts';

export interface TestAppOptions {
  /** Settings on top of those of the tests. */
  env?: Record<string, string>;
  /** Where sessions are kept. On workerd it is always behind REST. */
  store?: 'embedded' | 'rest';
  /**
   * Time limits of the stores. `own`: those of production, where they are what is shown. `short`: what
   * hangs is found out sooner. Absent: generous ones, because a slow machine is no fault.
   */
  limits?: 'own' | 'short';
  /** Routes of the test's own, for people who are signed in. */
  routes?: (app: ReturnType<typeof createApp>) => void;
}

/** The limits of a public host; on loopback, where the tests are, the defaults are generous. */
export const PUBLIC_LIMITS = {
  LIMIT_LOGIN_ADDRESS: '10/10m',
  LIMIT_LOGIN_ACCOUNT: '5/30s..1h',
  LIMIT_REGISTER: '60/1h',
  LIMIT_ANONYMOUS: '30/1h',
  LIMIT_FORGOT_ADDRESS: '10/1h',
  LIMIT_TOKEN: '20/10m',
};

export const PASSWORD = 'correct horse battery staple';

/** An app with an injected clock, a fresh store and a fresh database, on either runtime. */
export async function createTestApp(options: TestAppOptions = {}) {
  const { env = {}, store = 'embedded', limits, routes } = options;
  const limit = limits === 'own' ? {} : { timeout: limits === 'short' ? 700 : seconds(10) };
  const storeUrl = inject('storeUrl');
  const token = `test-${crypto.randomUUID()}`;
  const config = parseConfig(
    {
      BASE_URL: 'http://localhost:3000',
      SESSION_SECRET: 'a secret of the tests with 32 characters or more',
      UPSTASH_REDIS_REST_URL: storeUrl,
      UPSTASH_REDIS_REST_TOKEN: token,
      TURSO_DATABASE_URL: databaseUrl(),
      MAIL_URL: 'resend:key-of-the-tests',
      MAIL_FROM: 'gatehouse@example.com',
      BCRYPT_COST: '4',
      ...PUBLIC_LIMITS,
      ...env,
    },
    runtime.platform,
  );
  let offset = 0;
  const clock = { now: () => Date.now() + offset };
  const viaRest = store === 'rest' || !runtime.openEmbedded;
  const opened = runtime.openEmbedded?.(clock);
  const redis = new Holdable(
    viaRest || !opened ? runtime.connectRest({ url: storeUrl, token, ...limit }) : opened,
  );
  onTestFinished(() => redis.inner.close());
  const database = breakable(await runtime.openDatabase(databaseUrl()), storeUrl, limit);
  const logged: string[] = [];
  const requests: AnsweredRequest[] = [];
  const mail = new TestMailer();
  const background: (() => Promise<void>)[] = [];

  const services = createServices(config, {
    redis: redis.client,
    database,
    bcrypt: runtime.bcrypt,
    gate: runtime.gate,
    sharesWork: runtime.sharesWork,
    mailer: mail.mailer,
    keepAlive: (work) => background.push(work),
    clock,
    log: recordingLog(logged, requests),
  });
  const app = createApp(services, {
    ...runtime.routing(),
    clientAddress: (c) => c.req.header('x-test-address') ?? '192.0.2.1',
  });
  routes?.(app);

  /** Does the work that no answer waits for, such as sending mail and recording events. */
  async function settled() {
    while (background.length > 0) await Promise.all(background.splice(0).map((work) => work()));
  }

  async function order(orders: Orders): Promise<{ commands: string[]; requests: number }> {
    const body = JSON.stringify(orders);
    return (await fetch(`${storeUrl}/control/${token}`, { method: 'POST', body })).json() as never;
  }

  return {
    app,
    services,
    clock,
    redis,
    logged,
    /** What the request log was told. */
    requests,
    mail,
    settled,
    /** The messages to an address so far, once those are sent that are due. */
    async mailTo(address: string): Promise<Message[]> {
      await settled();
      return mail.sent.filter(({ to }) => to === address);
    },
    client: (headers?: Record<string, string>) =>
      new Client((request) => runtime.answer(app, request), config.baseUrl, headers),
    /** Moves this app's clock and the store's. */
    async advance(span: Milliseconds) {
      offset += span;
      if (viaRest) await order({ advance: span });
    },
    /** Breaks the store from the next command on, or `after` so many; null heals it. REST only. */
    breakStore: (fault: FaultKind | null, after = 0) => order({ fault, after }),
    /** What the store was asked since the last call. REST only. */
    asked: () => order({}),
    breakDatabase: database.breakDown,
    /** SQL statements since the last call. */
    statements: database.statements,
    sql: (statement: SQL) => database.run((db) => db.all<Record<string, unknown>>(statement)),
    /** Registers somebody, and answers with their signed-in browser. */
    async registered(email = 'ada@example.com') {
      const client = new Client((request) => runtime.answer(app, request), config.baseUrl);
      const { status, json } = await client.post('/auth/register', {
        json: { email, password: PASSWORD },
      });
      if (status !== 201) throw new Error(`register answered ${status}`);
      return { client, user: json.user, session: json.session };
    },
  };
}

export type TestApp = Awaited<ReturnType<typeof createTestApp>>;

export { sql };

function breakable(real: Database, storeUrl: string, limit: { timeout?: Milliseconds }) {
  let broken: Database | null = null;
  let count = 0;
  return {
    run: ((work) => {
      count += 1;
      return (broken ?? real).run(work);
    }) as Database['run'],
    close: real.close,
    breakDown(kind: FaultKind | null) {
      const url = `${storeUrl}/broken/${kind}/`;
      broken = kind === null ? null : connectRemote({ url, ...limit });
    },
    statements() {
      const before = count;
      count = 0;
      return before;
    },
  };
}
