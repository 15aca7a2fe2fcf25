import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { gatehouse } from '../support/gatehouse.ts';
import { hasRedisServer, startRedis } from '../support/redis-server.ts';
import { start, temporaryFolder } from '../support/server.ts';

// Programs are started, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const SECRET = 'd2f8b1c94e7a60358f1d2c3b4a5968778695a4b3c2d1e0f9';

describe.runIf(hasRedisServer())('with a Redis that hangs', () => {
  async function settings() {
    const redis = await startRedis();
    onTestFinished(redis.close);
    const env = { DATA_DIR: temporaryFolder(), SESSION_SECRET: SECRET, REDIS_URL: redis.url };
    return { redis, env };
  }

  it('the server answers 503 and ends when it is told to', async () => {
    const { redis, env } = await settings();
    const server = await start(env);
    redis.freeze();
    const asked = await Promise.all([1, 2, 3].map(() => fetch(`${server.url}/ready`)));
    expect(asked.map(({ status }) => status)).toEqual([503, 503, 503]);
    const began = performance.now();
    server.process.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    // It is made to end after ten seconds, with status 1.
    expect(performance.now() - began).toBeLessThan(9500);
  });

  it('the doctor says so, and ends', async () => {
    const { redis, env } = await settings();
    redis.freeze();
    const { code, out } = await gatehouse(env, ['doctor']);
    expect(code).toBe(1);
    expect(out).toMatch(/wrong +store +127\.0\.0\.1:\d+ does not answer: no answer in time/);
  });
});
