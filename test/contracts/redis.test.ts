import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Fault } from '../../src/errors.ts';
import type { RedisClient } from '../../src/redis/client.ts';
import { commandsOf } from '../../src/redis/dialect.ts';
import { createEmbedded } from '../../src/redis/embedded.ts';
import { createFetchTransport } from '../../src/redis/fetch-transport.ts';
import { createKeepAlive } from '../../src/redis/keep-alive.ts';
import { createNodeRest } from '../../src/redis/node-rest.ts';
import { serveRest } from '../../src/redis/rest-server.ts';
import type { RestStore } from '../../src/redis/rest-transport.ts';
import { createTcp } from '../../src/redis/tcp.ts';
import { createUpstash } from '../../src/redis/upstash.ts';
import { minutes, seconds } from '../../src/time.ts';
import {
  hasRedisServer,
  type RedisGateway,
  startGateway,
  startRedis,
} from '../support/redis-server.ts';
import { CALLS } from './redis-calls.ts';
import { type OpenStore, redisContract } from './redis-port.ts';

/** A slow machine is no fault here. */
const timeout = seconds(10);

const TRANSPORTS: Record<string, (store: RestStore) => RedisClient> = {
  fetch: (store) => {
    const patient = { ...store, timeout };
    return createUpstash(patient, createFetchTransport(patient));
  },
  'kept-alive connections': (store) => {
    const patient = { ...store, timeout };
    return createUpstash(patient, createKeepAlive(patient));
  },
  'gathered requests': (store) => createNodeRest({ ...store, timeout }),
};

function openEmbedded(path: string): OpenStore {
  let now = Date.UTC(2026, 0, 1);
  const redis = createEmbedded({ path, clock: { now: () => now } });
  onTestFinished(() => redis.close());
  return {
    redis,
    async advance(span) {
      now += span;
    },
  };
}

/** The path of a file that does not exist yet. */
function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'sessions.db');
}

redisContract('embedded in memory', async () => openEmbedded(':memory:'));
redisContract('embedded on a file', async () => openEmbedded(newFile()));

for (const [name, connect] of Object.entries(TRANSPORTS)) {
  redisContract(`REST over ${name}, to the embedded store`, async () => {
    const { redis: inner, advance } = openEmbedded(':memory:');
    const token = randomUUID();
    const executor = commandsOf(inner);
    const server = await serveRest({ executor: (t) => (t === token ? executor : null), port: 0 });
    const redis = connect({ url: server.url, token });
    onTestFinished(async () => {
      await redis.close();
      await server.close();
    });
    return { redis, advance };
  });
}

describe.skipIf(!hasRedisServer())('with a real Redis', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let gateway: RedisGateway;
  beforeAll(async () => {
    server = await startRedis();
    gateway = await startGateway(server.url);
  });
  afterAll(async () => {
    await gateway.close();
    await server.close();
  });

  for (const [name, connect] of Object.entries(TRANSPORTS)) {
    redisContract(`REST over ${name}, to a real Redis`, async () => {
      await gateway.clear();
      const redis = connect(gateway.store);
      onTestFinished(() => redis.close());
      return { redis, advance: gateway.advance };
    });
  }

  redisContract('TCP, to a real Redis', async () => {
    await gateway.clear();
    const redis = createTcp({ url: server.url, timeout });
    onTestFinished(() => redis.close());
    return { redis, advance: gateway.advance };
  });
});

describe('the embedded store', () => {
  it('keeps everything over a restart', async () => {
    const path = newFile();
    const before = openEmbedded(path);
    const record = { index: 'i', prefix: 's:', value: 'x', ttl: 2000, max: 1 };
    await before.redis.add('key', 'value', minutes(1));
    const counters = [{ key: 'count', max: 1, window: minutes(1) }];
    await before.redis.count(counters);
    await before.redis.addIndexed({ ...record, member: 'old', score: 1 });
    await before.redis.close();

    const { redis } = openEmbedded(path);
    expect(await redis.get(['key', 's:old'])).toEqual(['value', 'x']);
    expect((await redis.count(counters)).wait).toBeGreaterThan(0);
    await redis.addIndexed({ ...record, member: 'new', score: 2 });
    expect(await redis.get(['s:old', 's:new'])).toEqual([null, 'x']);
  });

  it('keeps nothing of a change that fails half-way', async () => {
    const { redis } = openEmbedded(':memory:');
    const record = { index: 'i', prefix: 's:', member: 'm', value: 'x', ttl: 1000 };
    // No number, so the index refuses it after the record has been written.
    const half = redis.addIndexed({ ...record, score: Number.NaN, max: 1 });
    await expect(half).rejects.toBeInstanceOf(Fault);
    expect(await redis.get(['s:m'])).toEqual([null]);
  });

  it('does not stop the process while another one holds the file', async () => {
    const path = newFile();
    const { redis } = openEmbedded(path);
    const other = new Sqlite(path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const writing = redis.put('key', 'value', minutes(1));
    const counting = redis.count([{ key: 'count', max: 1, window: minutes(1) }]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await redis.get(['key'])).toEqual([null]);
    other.exec('ROLLBACK');
    await writing;
    expect([await redis.get(['key']), (await counting).wait]).toEqual([['value'], 0]);
  });

  it('says which code it was refused by', async () => {
    const path = newFile();
    const { redis } = openEmbedded(path);
    const other = new Sqlite(path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    await expect(redis.delete(['key'])).rejects.toThrow('redis: SQLITE_BUSY');
  });

  it('rejects with a fault once it is closed', async () => {
    const { redis } = openEmbedded(':memory:');
    await redis.close();
    const outcomes = await Promise.allSettled(Object.values(CALLS).map((call) => call(redis)));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Fault) });
    }
  });

  describe('sweeping', () => {
    it('takes what has expired out of the file within a minute, and nothing else', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      onTestFinished(() => void vi.useRealTimers());
      const path = newFile();
      const { redis, advance } = openEmbedded(path);
      const record = { index: 'i', prefix: 's:', value: 'x', score: 1, max: 9 };
      await redis.addIndexed({ ...record, member: 'short', ttl: 1000 });
      await redis.add('long', 'y', minutes(5));
      await advance(minutes(1));
      vi.advanceTimersByTime(minutes(1));

      const file = new Sqlite(path);
      onTestFinished(() => void file.close());
      expect(file.prepare('SELECT key FROM record').pluck().all()).toEqual(['long']);
      expect(file.prepare('SELECT key FROM entry').pluck().all()).toEqual([]);
    });

    it('leaves in its index what was renewed there', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      onTestFinished(() => void vi.useRealTimers());
      const { redis, advance } = openEmbedded(newFile());
      const owner = { index: 'i', prefix: 's:' };
      const life = { value: 'x', ttl: minutes(10), max: 9 };
      await redis.addIndexed({ ...owner, ...life, member: 'a', score: 1 });
      await advance(minutes(6));
      const entry = { index: 'i', member: 'a', score: 3 };
      await redis.compareAndSet('s:a', 'x', 'renewed', minutes(10), entry);
      await redis.addIndexed({ ...owner, ...life, member: 'b', score: 2 });
      await advance(minutes(5));
      vi.advanceTimersByTime(minutes(1));
      expect(await redis.listIndexed(owner)).toHaveLength(2);
    });

    it('does not bring the process down while another one holds the file', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      onTestFinished(() => void vi.useRealTimers());
      const path = newFile();
      const { redis } = openEmbedded(path);
      const other = new Sqlite(path);
      onTestFinished(() => void other.close());
      other.exec('BEGIN IMMEDIATE');
      expect(() => vi.advanceTimersByTime(minutes(1))).not.toThrow();
      // What was refused must not hold on to what was true then.
      expect(await redis.get(['key'])).toEqual([null]);
      other.exec("INSERT INTO record VALUES ('key', 'theirs', 9e15)");
      other.exec('COMMIT');
      expect(await redis.get(['key'])).toEqual(['theirs']);
      await redis.put('key', 'ours', minutes(1));
    });
  });
});
