import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Fault } from '../../src/errors.ts';
import { createBatching } from '../../src/redis/batching.ts';
import { createKeepAlive } from '../../src/redis/keep-alive.ts';
import { createUpstash } from '../../src/redis/upstash.ts';
import { CALLS, READS, WRITES } from './redis-calls.ts';
import { answers, FAULTS, HANGS, type Handler, serve, TIMEOUT } from './rest-faults.ts';

async function open(handler: Handler, timeout?: number) {
  const served = await serve(handler);
  const store = timeout === undefined ? served.store : { ...served.store, timeout };
  const redis = createUpstash(store, createBatching(createKeepAlive(store)));
  onTestFinished(() => redis.close());
  return { ...served, redis };
}

/** Answers a pipeline of MGETs with the keys that were asked for. */
const echo: Handler = (response, body) => {
  const sent = JSON.parse(body);
  const one = ([, ...keys]: string[]) => ({ result: keys });
  response.end(JSON.stringify(Array.isArray(sent[0]) ? sent.map(one) : one(sent)));
};

const keys = (count: number) => Array.from({ length: count }, (_, n) => `key ${n}`);

describe('commands that are asked for at once', () => {
  it('go out as one request, and each gets its own answer', async () => {
    const { redis, seen } = await open(echo);
    const asked = keys(20);
    expect(await Promise.all(asked.map((key) => redis.get([key])))).toEqual(
      asked.map((key) => [key]),
    );
    expect(seen.requests).toBe(1);
  });

  it('wait for others while two requests are under way, and no longer than two milliseconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const sent: string[][] = [];
    const { redis, seen } = await open((response, body) => {
      const [first, ...others] = JSON.parse(body);
      sent.push(Array.isArray(first) ? [first, ...others].map(([, key]) => key) : others);
      if (sent.length > 2) echo(response, body, sent.length);
    });
    const unanswered = [redis.get(['a'])];
    // Not by `expect.poll`, which moves this clock.
    while (seen.requests < 1) await nextTurn();
    unanswered.push(redis.get(['b']));
    while (seen.requests < 2) await nextTurn();
    const gathered = [redis.get(['c'])];
    await nextTurn();
    gathered.push(redis.get(['d']));
    await nextTurn();
    vi.advanceTimersByTime(2);
    expect(await Promise.all(gathered)).toEqual([['c'], ['d']]);
    expect(sent).toEqual([['a'], ['b'], ['c', 'd']]);
    vi.runAllTimers();
    for (const outcome of await Promise.allSettled(unanswered)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Fault) });
    }
  });

  it('are no more than 64 in a request', async () => {
    const sizes: number[] = [];
    const { redis } = await open((response, body, nth) => {
      sizes.push(JSON.parse(body).length);
      echo(response, body, nth);
    });
    const asked = keys(150);
    expect((await Promise.all(asked.map((key) => redis.get([key])))).flat()).toEqual(asked);
    expect(sizes.sort((a, b) => a - b)).toEqual([22, 64, 64]);
  });

  it('fail one by one', async () => {
    const { redis } = await open(
      answers('[{"result":["a"]},{"error":"ERR not this one"},{"result":["c"]}]'),
    );
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((key) => redis.get([key])));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: expect.any(Fault) });
  });

  it('do not wait for the answer to another request', async () => {
    let first = true;
    const { redis, seen } = await open((response, body, nth) => {
      if (first) first = false;
      else echo(response, body, nth);
    }, TIMEOUT);
    const hanging = redis.get(['hanging']);
    await expect.poll(() => seen.requests).toBe(1);
    expect(await redis.get(['next'])).toEqual(['next']);
    await expect(hanging).rejects.toBeInstanceOf(Fault);
  });

  it('are faults, all of them, when the answer is short', async () => {
    const { redis } = await open(answers('[{"result":["a"]}]'));
    for (const outcome of await Promise.allSettled([redis.get(['a']), redis.get(['b'])])) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Fault) });
    }
  });

  it.each(Object.entries({ ...FAULTS, ...HANGS }))(
    'are faults, all of them, when the store %s',
    async (_, fault) => {
      const { redis } = await open(fault, TIMEOUT);
      const calls = Object.values({ ...READS, ...WRITES, ...CALLS });
      for (const outcome of await Promise.allSettled(calls.map((call) => call(redis)))) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Fault) });
      }
    },
  );

  it('are sent again on a connection that was closed only when all of them read', async () => {
    const bodies: string[] = [];
    const { redis } = await open((response, body, nth) => {
      bodies.push(body);
      if (nth === 1 || nth > 3) echo(response, body, nth);
      else response.destroy();
    });
    await redis.get(['first']);
    const asked = [redis.get(['a']), redis.get(['b']), redis.put('k', 'v', 1000)];
    const [a, b, write] = await Promise.allSettled(asked);
    expect([a, b]).toMatchObject([{ value: ['a'] }, { value: ['b'] }]);
    expect(write).toMatchObject({ status: 'rejected', reason: expect.any(Fault) });
    expect(bodies.filter((body) => body.includes('"set"'))).toHaveLength(1);
  });
});
