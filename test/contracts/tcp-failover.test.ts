import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createTcp, type TcpStore } from '../../src/redis/tcp.ts';
import { seconds } from '../../src/time.ts';
import { movableAddress, refusingRedis } from '../support/address.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../support/redis-server.ts';

/** A busy machine is no fault here. */
const PATIENT = { timeout: seconds(10) };

function connected(store: TcpStore) {
  const redis = createTcp(store);
  onTestFinished(() => redis.close());
  return redis;
}

const messageOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: Error) => error.message,
  );

describe.runIf(hasRedisServer())('Redis over TCP, when the server changes', () => {
  let server: RedisServer;
  let other: RedisServer;
  beforeAll(async () => {
    [server, other] = await Promise.all([startRedis(), startRedis()]);
  });
  afterAll(() => Promise.all([server.close(), other.close()]));

  /** Makes the first server a replica of the other, as a failover does; for one test. */
  async function demote(...settings: string[][]) {
    const operator = createClient({ url: server.url, RESP: 2 });
    await operator.connect();
    onTestFinished(async () => {
      await operator.sendCommand(['REPLICAOF', 'NO', 'ONE']);
      operator.destroy();
    });
    for (const setting of settings) await operator.sendCommand(['CONFIG', 'SET', ...setting]);
    await operator.sendCommand(['REPLICAOF', '127.0.0.1', String(other.port)]);
  }

  it('writes to the new primary at once when the address leads there', async () => {
    const address = await movableAddress(server.port);
    const redis = connected({ url: address.url, ...PATIENT });
    await redis.put('key', 'before', 60_000);
    await demote();
    address.move(other.port);
    const counter = { key: 'moved', max: 2, window: 60_000 };
    const counts = await Promise.all([1, 2, 3].map(() => redis.count([counter])));
    expect(counts.map(({ wait }) => wait > 0)).toEqual([false, false, true]);
    expect(address.seen.connections).toBe(2);
    await expect.poll(address.open).toBe(1);
  });

  it('reads on while writes are refused, and writes again within two seconds of the move', async () => {
    const address = await movableAddress(server.port);
    const redis = connected({ url: address.url, ...PATIENT });
    await redis.put('key', 'value', 60_000);
    await demote();
    for (const until = performance.now() + 1000; performance.now() < until; ) {
      expect(await messageOf(redis.put('key', 'refused', 60_000))).toBe('redis: READONLY');
      expect(await redis.get(['other key'])).toEqual([null]);
    }
    // Pauses of 50, 100, 200, 400 ms, so not a connection for each of hundreds of writes.
    expect(address.seen.connections).toBeLessThan(9);
    expect(address.seen.most).toBeLessThanOrEqual(2);
    address.move(other.port);
    const write = () => messageOf(redis.put('key', 'taken', 60_000));
    await expect.poll(write, { timeout: 2000, interval: 20 }).toBe('done');
    expect(await redis.get(['key'])).toEqual(['taken']);
  });

  it.each([
    "READONLY You can't write against a read only replica.",
    'MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to no.',
    'LOADING Redis is loading the dataset in memory',
    'CLUSTERDOWN The cluster is down',
    "ERR Error running script (call to f_1): @user_script:3: -READONLY You can't write.",
  ])('sends a write again, once, that was refused by %s', async (error) => {
    const refusing = await refusingRedis(error);
    const address = await movableAddress(refusing.port);
    const redis = connected({ url: address.url, ...PATIENT });
    const word = /[A-Z]{5,}/.exec(error)?.[0];
    expect(await messageOf(redis.put('key', 'value', 60_000))).toBe(`redis: ${word}`);
    expect(refusing.seen.commands).toBe(2);
    address.move(other.port);
    // The next connection is on its way already.
    const write = () => messageOf(redis.put('key', error, 60_000));
    await expect.poll(write, { timeout: 2000, interval: 20 }).toBe('done');
    expect(await redis.get(['key'])).toEqual([error]);
  });

  it.each([
    ['OOM', "OOM command not allowed when used memory > 'maxmemory'."],
    ['NOREPLICAS', 'NOREPLICAS Not enough good replicas to write.'],
    ['MISCONF', 'MISCONF Redis is configured to save RDB snapshots, but is unable to.'],
    ['ERR max number of clients reached', 'ERR max number of clients reached'],
    ['ERR', 'ERR value hunter2 is not an integer'],
  ])('says %s and stays, where no other server would do better', async (reason, error) => {
    const refusing = await refusingRedis(error);
    const address = await movableAddress(refusing.port);
    const redis = connected({ url: address.url, ...PATIENT });
    expect(await messageOf(redis.count([{ key: 'key', max: 9, window: 60_000 }]))).toBe(
      `redis: ${reason}`,
    );
    expect(await messageOf(redis.count([{ key: 'key', max: 9, window: 60_000 }]))).toBe(
      `redis: ${reason}`,
    );
    expect({ ...refusing.seen, ...address.seen }).toMatchObject({ commands: 2, connections: 1 });
  });

  it('keeps no socket of a server that hangs, and at most two are opened', async () => {
    const address = await movableAddress(server.port);
    const redis = connected({ url: address.url, timeout: 400 });
    await redis.put('key', 'value', 60_000);
    server.freeze();
    onTestFinished(server.thaw);
    for (let i = 0; i < 4; i += 1) {
      const asked = [redis.get(['key']), redis.put('key', 'other', 60_000), redis.ping()];
      for (const outcome of await Promise.all(asked.map(messageOf))) {
        expect(outcome).toMatch(/^redis: (no answer in time|connection closed)$/);
      }
    }
    expect(address.seen.connections).toBeGreaterThan(3);
    expect(address.seen.most).toBeLessThanOrEqual(2);
    await expect.poll(address.open).toBeLessThanOrEqual(1);
    await redis.close();
    await expect.poll(address.open).toBe(0);
    server.thaw();
    expect(await connected({ url: address.url, ...PATIENT }).get(['key'])).not.toEqual([null]);
  });
});
