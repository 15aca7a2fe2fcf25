import { expect } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { Fault } from '../../src/errors.ts';
import type { RedisClient } from '../../src/redis/client.ts';
import { createTestApp, type TestApp } from './app.ts';
import type { Client } from './client.ts';
import { otherServer } from './requests.ts';

/** A step fails before it is carried out, or is carried out and its answer is lost. */
export type Failure = 'not carried out' | 'answer lost';

export const FAILURES: Failure[] = ['not carried out', 'answer lost'];

const LIMITS = ['LOGIN_ADDRESS', 'REGISTER', 'FORGOT_ADDRESS', 'TOKEN'];

/** Runs a scene for every step that an operation has, until one passes without a failure. */
export async function everyStep(
  how: Failure,
  scene: (scene: {
    app: TestApp;
    email: string;
    /** A browser whose server fails at the step. */
    client: () => Client;
    failing: <T>(work: () => Promise<T>) => Promise<T>;
  }) => Promise<void>,
): Promise<string[]> {
  const env = Object.fromEntries(LIMITS.map((name) => [`LIMIT_${name}`, '100000/1h']));
  const app = await createTestApp({ env });
  const server = failingServer(app);
  const steps: string[] = [];
  for (let n = 0; n < 60; n += 1) {
    let reached = null as string | null;
    await scene({
      app,
      email: `n${n}@example.com`,
      client: server.client,
      async failing(work) {
        const { answer, failed } = await server.failAt(n, how, work);
        reached = failed;
        return answer;
      },
    });
    if (reached === null) return steps;
    steps.push(reached);
  }
  throw new Error('it never ends');
}

/** What is done is said to be done, unless the answer that would tell was lost. */
export function expectHonest(done: boolean, status: number, how: Failure) {
  if (status < 400) expect(done).toBe(true);
  else if (how === 'not carried out') expect(done).toBe(false);
}

/** A server over an app's store and database, one of whose steps at either can be made to fail. */
function failingServer(app: TestApp) {
  let left = Number.POSITIVE_INFINITY;
  let failure: Failure = 'answer lost';
  let failed: string | null = null;

  async function step<T>(part: 'redis' | 'database', name: string, work: () => Promise<T>) {
    const mine = left-- === 0;
    if (!mine) return work();
    failed = `${part} ${name}`;
    if (failure === 'answer lost') await work();
    throw new Fault(part, 'a step of the test failed');
  }

  const redis = new Proxy(app.services.redis, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => step('redis', String(name), () => method(...args));
    },
  }) as RedisClient;
  const { database } = app.services;
  const failing: Database = {
    run: (work) => step('database', 'run', () => database.run(work)),
    close: () => database.close(),
  };
  const mailer = app.mail.mailer;
  return {
    client: otherServer(app, {}, { redis, database: failing, mailer }),
    /** Does some work, whose nth step fails. Answers which that was; null: it had fewer steps. */
    async failAt<T>(n: number, how: Failure, work: () => Promise<T>) {
      left = n;
      failure = how;
      failed = null;
      const answer = await work();
      left = Number.POSITIVE_INFINITY;
      return { answer, failed };
    },
  };
}
