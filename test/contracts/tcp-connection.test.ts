import { setImmediate as nextTurn } from 'node:timers/promises';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Fault } from '../../src/errors.ts';
import { createTcp } from '../../src/redis/tcp.ts';
import { hasRedisServer, startRedis } from '../support/redis-server.ts';

describe.runIf(hasRedisServer())('the connection to a real Redis over TCP', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());

  async function connected() {
    const redis = createTcp({ url: server.url });
    const operator = createClient({ url: server.url, RESP: 2 });
    await operator.connect();
    onTestFinished(async () => {
      operator.destroy();
      await redis.close();
    });
    await redis.put('key', 'value', 60_000);
    const killOthers = () =>
      operator.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
    const clients = async () => `${await operator.sendCommand(['CLIENT', 'LIST'])}`.trim();
    const info = async (section: string) => `${await operator.sendCommand(['INFO', section])}`;
    return { redis, operator, killOthers, clients, info };
  }

  it('carries the reads of one moment as one command, and each key of them once', async () => {
    const { redis, operator, info } = await connected();
    await operator.sendCommand(['CONFIG', 'RESETSTAT']);
    const asked = Array.from({ length: 20 }, (_, n) => redis.get([`key ${n % 4}`, 'key']));
    for (const values of await Promise.all(asked)) expect(values).toEqual([null, 'value']);
    expect(await info('commandstats')).toContain('cmdstat_mget:calls=1,');
    expect(await info('stats')).toContain('keyspace_hits:1\r');
  });

  it('lets no read wait for the answer to another', async () => {
    const { redis, operator, info } = await connected();
    await operator.sendCommand(['CONFIG', 'RESETSTAT']);
    await operator.sendCommand(['CLIENT', 'PAUSE', '100', 'ALL']);
    const asked = [];
    for (let n = 0; n < 5; n += 1) {
      asked.push(redis.get([`key ${n}`]));
      await nextTurn();
    }
    await Promise.all(asked);
    expect(await info('commandstats')).toContain('cmdstat_mget:calls=5,');
  });

  it('is made anew for a read when it was closed while idle', async () => {
    const { redis, killOthers } = await connected();
    await killOthers();
    expect(await redis.get(['key'])).toEqual(['value']);
  });

  it('is made anew for a write when it is known to be closed', async () => {
    const { redis, killOthers, clients } = await connected();
    await killOthers();
    // Its end was sent before this answer, so it is read before it, or with it.
    await expect.poll(clients).not.toContain('\n');
    await nextTurn();
    expect(await redis.compareAndSet('key', 'value', 'other', 60_000)).toBe(true);
  });

  it('does not send a write twice whose answer was lost with it', async () => {
    const { redis, operator, killOthers, clients } = await connected();
    await operator.sendCommand(['CLIENT', 'PAUSE', '300', 'WRITE']);
    const counting = redis.count([{ key: 'counter', max: 9, window: 60_000 }]);
    const counted = counting.catch((error: unknown) => error);
    await expect.poll(clients).toMatch(/ cmd=eval/);
    await killOthers();
    expect(await counted).toBeInstanceOf(Fault);
    await operator.sendCommand(['CLIENT', 'UNPAUSE']);
    expect([0, 1]).toContain(Number((await redis.get(['counter']))[0]));
  });
});
