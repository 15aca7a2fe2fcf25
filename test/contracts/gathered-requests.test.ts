import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Fault } from '../../src/errors.ts';
import type { RedisClient } from '../../src/redis/client.ts';
import { createNodeRest } from '../../src/redis/node-rest.ts';
import { CALLS } from './redis-calls.ts';
import { answers, FAULTS, HANGS, type Handler, serve, TIMEOUT } from './rest-faults.ts';

async function open(handler: Handler, timeout?: number) {
  const served = await serve(handler);
  const redis = createNodeRest(timeout === undefined ? served.store : { ...served.store, timeout });
  onTestFinished(() => redis.close());
  return { ...served, redis };
}

/** A store in which every key has its own name for a value, and every write is done. */
const echo: Handler = (response, body) => {
  const sent = JSON.parse(body);
  const one = ([name, ...rest]: string[]) => ({ result: /^mget$/i.test(`${name}`) ? rest : 'OK' });
  response.end(JSON.stringify(Array.isArray(sent[0]) ? sent.map(one) : one(sent)));
};

/** The keys of an MGET, or what a pipeline writes to. */
const keysIn = (body: string): string[] => {
  const sent = JSON.parse(body);
  return Array.isArray(sent[0]) ? sent.map(([, key]: string[]) => key) : sent.slice(1);
};

const keys = (count: number) => Array.from({ length: count }, (_, n) => `key ${n}`);

const GATHERED: Record<string, (redis: RedisClient, key: string) => Promise<unknown>> = {
  reads: (redis, key) => redis.get([key]),
  writes: (redis, key) => redis.put(key, 'value', 1000),
};

const expectFaults = (outcomes: PromiseSettledResult<unknown>[]) => {
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Fault) });
  }
};

describe.each(Object.entries(GATHERED))('%s that are asked for at once', (_, call) => {
  it('go out as one request', async () => {
    const { redis, seen } = await open(echo);
    await Promise.all(keys(20).map((key) => call(redis, key)));
    expect(seen.requests).toBe(1);
  });

  it('wait for others while three requests are under way, and no longer than two milliseconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const sent: string[][] = [];
    const { redis, seen } = await open((response, body) => {
      sent.push(keysIn(body));
      if (sent.length > 3) echo(response, body, sent.length);
    });
    const unanswered: Promise<unknown>[] = [];
    for (const key of ['a', 'b', 'c']) {
      unanswered.push(call(redis, key));
      // Not by `expect.poll`, which moves this clock.
      while (seen.requests < unanswered.length) await nextTurn();
    }
    const gathered = [call(redis, 'd')];
    await nextTurn();
    gathered.push(call(redis, 'e'));
    await nextTurn();
    vi.advanceTimersByTime(2);
    await Promise.all(gathered);
    expect(sent.map((part) => part.filter((key) => key.length === 1))).toEqual([
      ['a'],
      ['b'],
      ['c'],
      ['d', 'e'],
    ]);
    vi.runAllTimers();
    expectFaults(await Promise.allSettled(unanswered));
  });

  it('go out as soon as one of those requests is answered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const held: (() => void)[] = [];
    const sent: string[] = [];
    const { redis } = await open((response, body, nth) => {
      sent.push(...keysIn(body).filter((key) => key.length === 1));
      held.push(() => echo(response, body, nth));
    });
    const asked: Promise<unknown>[] = [];
    for (const key of ['a', 'b', 'c']) {
      asked.push(call(redis, key));
      while (held.length < asked.length) await nextTurn();
    }
    asked.push(call(redis, 'd'));
    held[1]?.();
    while (held.length < 4) await nextTurn();
    for (const answer of held) answer();
    await Promise.all(asked);
    const last = call(redis, 'e');
    while (held.length < 5) await nextTurn();
    held[4]?.();
    await last;
    expect(sent).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('are no more than 64 in a request', async () => {
    const sizes: number[] = [];
    const { redis } = await open((response, body, nth) => {
      sizes.push(keysIn(body).length);
      echo(response, body, nth);
    });
    await Promise.all(keys(150).map((key) => call(redis, key)));
    expect(sizes.sort((a, b) => a - b)).toEqual([22, 64, 64]);
  });

  it('do not wait for the answer to another request', async () => {
    const { redis, seen } = await open((response, body, nth) => {
      if (nth > 1) echo(response, body, nth);
    }, TIMEOUT);
    const hanging = call(redis, 'hanging');
    await expect.poll(() => seen.requests).toBe(1);
    await call(redis, 'next');
    await expect(hanging).rejects.toBeInstanceOf(Fault);
  });
});

describe('reads that are asked for at once', () => {
  it('get the values of their own keys, in their own order', async () => {
    const stored: Record<string, string> = { a: '1', b: '2', c: '3' };
    const { redis, seen } = await open((response, body) =>
      response.end(JSON.stringify({ result: keysIn(body).map((key) => stored[key] ?? null) })),
    );
    const asked = [['a', 'b'], ['c'], ['b', 'gone', 'a'], ['gone']];
    expect(await Promise.all(asked.map((keys) => redis.get(keys)))).toEqual([
      ['1', '2'],
      ['3'],
      ['2', null, '1'],
      [null],
    ]);
    expect(seen.requests).toBe(1);
  });

  it('ask once for what several ask for', async () => {
    const sent: string[][] = [];
    const { redis } = await open((response, body, nth) => {
      sent.push(keysIn(body));
      echo(response, body, nth);
    });
    const asked = [
      ['session 1', 'card'],
      ['session 2', 'card'],
      ['session 1', 'card'],
    ];
    expect(await Promise.all(asked.map((keys) => redis.get(keys)))).toEqual(asked);
    expect(sent).toEqual([['session 1', 'card', 'session 2']]);
  });

  it('are never answered by a command that was sent before they were asked for', async () => {
    const held: (() => void)[] = [];
    const { redis, seen } = await open((response, _body, nth) => {
      held.push(() => response.end(`{"result":["as of command ${nth}"]}`));
    });
    const before = redis.get(['key']);
    await expect.poll(() => held.length).toBe(1);
    const after = redis.get(['key']);
    await expect.poll(() => held.length).toBe(2);
    for (const answer of held) answer();
    expect(await before).toEqual(['as of command 1']);
    expect(await after).toEqual(['as of command 2']);
    expect(seen.requests).toBe(2);
  });

  it('are faults, all of them, when the answer is short', async () => {
    const { redis } = await open(answers('{"result":["a"]}'));
    expectFaults(await Promise.allSettled([redis.get(['a']), redis.get(['b'])]));
  });

  it('are sent again on a connection that was closed, and writes are not', async () => {
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

describe('writes that are asked for at once', () => {
  it('get their own answers, and fail one by one', async () => {
    const { redis } = await open(
      answers('[{"result":"OK"},{"error":"ERR not this one"},{"result":null}]'),
    );
    const [first, second, third] = await Promise.allSettled(
      ['a', 'b', 'c'].map((key) => redis.add(key, 'value', 1000)),
    );
    expect([first, third]).toMatchObject([{ value: true }, { value: false }]);
    expect(second).toMatchObject({ status: 'rejected', reason: expect.any(Fault) });
  });

  it('are faults, all of them, when the answer is short', async () => {
    const { redis } = await open(answers('[{"result":"OK"}]'));
    const asked = ['a', 'b'].map((key) => redis.put(key, 'value', 1000));
    expectFaults(await Promise.allSettled(asked));
  });
});

describe('whatever is asked for at once', () => {
  it.each(Object.entries({ ...FAULTS, ...HANGS }))(
    'is a fault, all of it, when the store %s',
    async (_, fault) => {
      const { redis } = await open(fault, TIMEOUT);
      expectFaults(await Promise.allSettled(Object.values(CALLS).map((call) => call(redis))));
    },
  );
});
