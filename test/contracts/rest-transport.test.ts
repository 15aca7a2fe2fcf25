import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Fault } from '../../src/errors.ts';
import type { RedisClient } from '../../src/redis/client.ts';
import { createFetchTransport } from '../../src/redis/fetch-transport.ts';
import { createKeepAlive } from '../../src/redis/keep-alive.ts';
import type { RestStore } from '../../src/redis/rest-transport.ts';
import { createUpstash } from '../../src/redis/upstash.ts';
import { CALLS, READS, SECRETS, WRITES } from './redis-calls.ts';
import { answers, FAULTS, HANGS, serve, TIMEOUT, TOKEN } from './rest-faults.ts';

const TRANSPORTS: Record<string, (store: RestStore) => RedisClient> = {
  fetch: (store) => createUpstash(store, createFetchTransport(store)),
  'kept-alive connections': (store) => createUpstash(store, createKeepAlive(store)),
};

async function outcomesOf(calls: typeof CALLS, redis: RedisClient) {
  const names = Object.keys(calls);
  const settled = await Promise.allSettled(Object.values(calls).map((call) => call(redis)));
  return settled.map((outcome, at) => ({ name: names[at], ...outcome }));
}

/** All that a log could make of an error. */
const shown = (error: unknown) =>
  [String(error), JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })].join('\n');

function expectFault(outcome: Awaited<ReturnType<typeof outcomesOf>>[number] | undefined) {
  expect(outcome).toMatchObject({ status: 'rejected', reason: { part: 'redis' } });
  const { reason } = outcome as PromiseRejectedResult;
  expect(reason).toBeInstanceOf(Fault);
  expect(shown(reason)).not.toContain('secret');
}

describe.each(Object.entries(TRANSPORTS))('REST over %s', (_, connect) => {
  const open = (store: RestStore) => {
    const redis = connect(store);
    onTestFinished(() => redis.close());
    return redis;
  };

  it.each(Object.entries(FAULTS))(
    'rejects every call, tried once, when the store %s',
    async (_, fault) => {
      const { store, seen } = await serve(fault);
      const outcomes = await outcomesOf(CALLS, open(store));
      expect(outcomes).toHaveLength(Object.keys(CALLS).length);
      for (const outcome of outcomes) expectFault(outcome);
      expect(seen.requests).toBe(outcomes.length);
    },
  );

  it.each(Object.entries(HANGS))(
    'rejects every call in time when the store %s',
    async (_, hang) => {
      const { store, seen } = await serve(hang);
      const started = performance.now();
      const outcomes = await outcomesOf(CALLS, open({ ...store, timeout: TIMEOUT }));
      expect(performance.now() - started).toBeLessThan(TIMEOUT + 1000);
      for (const outcome of outcomes) expectFault(outcome);
      expect(seen.requests).toBeLessThanOrEqual(outcomes.length);
    },
  );

  it('rejects every call when nobody listens', async () => {
    const { store, close } = await serve(() => {});
    await close();
    for (const outcome of await outcomesOf(CALLS, open(store))) expectFault(outcome);
  });

  it.each([
    ['null', 'add', false],
    ['[]', 'listIndexed', []],
  ] as const)('takes %s for an answer to %s alone', async (result, name, meaning) => {
    const { store } = await serve(answers(`{"result":${result}}`));
    const redis = open(store);
    const others = { ...CALLS };
    delete others[name];
    for (const outcome of await outcomesOf(others, redis)) expectFault(outcome);
    expect(await CALLS[name]?.(redis)).toEqual(meaning);
  });

  it('sends the token and the command, and nothing twice', async () => {
    let sent: unknown;
    const { store, seen } = await serve((response, body) => {
      sent = { authorization: response.req.headers.authorization, body: JSON.parse(body) };
      answers('{"result":"OK"}')(response, body, 0);
    });
    await CALLS.add?.(open(store));
    const { key, value } = SECRETS;
    expect(sent).toEqual({
      authorization: `Bearer ${TOKEN}`,
      body: ['set', key, value, 'nx', 'px', 60_000],
    });
    expect(seen.requests).toBe(1);
  });

  it.each(Object.entries(WRITES))(
    'does not send %s twice on a connection that was used before',
    async (name, call) => {
      const { store, seen } = await serve((response, body, nth) =>
        nth === 1 ? answers('{"result":[null]}')(response, body, nth) : response.destroy(),
      );
      const redis = open(store);
      await READS.get?.(redis);
      const [outcome] = await outcomesOf({ [name]: call }, redis);
      expectFault(outcome);
      expect(seen.requests).toBe(2);
    },
  );

  it('finds the store again when it answers again', async () => {
    let hanging = true;
    const { store } = await serve((response, body, nth) => {
      if (!hanging) answers('{"result":["value"]}')(response, body, nth);
    });
    const redis = open({ ...store, timeout: TIMEOUT });
    expectFault((await outcomesOf(READS, redis))[0]);
    hanging = false;
    await expect.poll(() => READS.get?.(redis).catch(() => null)).toEqual(['value']);
  });
});

describe('kept-alive connections', () => {
  const open = (store: RestStore) => createUpstash(store, createKeepAlive(store));

  it('are used for one command after the other', async () => {
    const { store, seen } = await serve(answers('{"result":["value"]}'));
    const redis = open(store);
    for (let n = 0; n < 10; n += 1) expect(await READS.get?.(redis)).toEqual(['value']);
    expect(seen).toEqual({ requests: 10, connections: 1 });
    await redis.close();
  });

  it.each(Object.entries(READS))(
    'send %s once more when the server had closed one meanwhile',
    async (name, call) => {
      const result = name === 'ping' ? '"PONG"' : '["value"]';
      const { store, seen } = await serve((response, body, nth) =>
        nth === 2 ? response.destroy() : answers(`{"result":${result}}`)(response, body, nth),
      );
      const redis = open(store);
      await call(redis);
      await expect(call(redis)).resolves.toEqual(name === 'ping' ? undefined : ['value']);
      expect(seen).toEqual({ requests: 3, connections: 2 });
      await redis.close();
    },
  );

  it('send a read no third time', async () => {
    const { store, seen } = await serve((response, body, nth) =>
      nth === 1 ? answers('{"result":["value"]}')(response, body, nth) : response.destroy(),
    );
    const redis = open(store);
    await READS.get?.(redis);
    const [outcome] = await outcomesOf({ get: READS.get as never }, redis);
    expectFault(outcome);
    expect(seen.requests).toBe(3);
    await redis.close();
  });

  it('are let go of at the end', async () => {
    const { store, connections } = await serve(answers('{"result":["value"]}'));
    const redis = open(store);
    await READS.get?.(redis);
    await redis.close();
    await expect.poll(connections).toBe(0);
  });
});
