import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestApp } from '../support/app.ts';

/** The Worker's own entry, without `BASE_URL`. */
async function startWorker() {
  const { services } = await createTestApp();
  const { redis, database } = services.config;
  if (redis.kind !== 'rest' || database.kind !== 'remote') throw new Error('not a Worker');
  const env = {
    ...{ UPSTASH_REDIS_REST_URL: redis.url, UPSTASH_REDIS_REST_TOKEN: redis.token },
    ...{ TURSO_DATABASE_URL: database.url, SESSION_SECRET: 's'.repeat(32) },
  };
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => logged.mockRestore());
  vi.resetModules();
  const { default: worker } = await import('../../src/worker.ts');
  return { ask: (url: string) => worker.fetch(new Request(url), env), logged };
}

describe('a Worker without BASE_URL', () => {
  it('serves this machine', async () => {
    const { ask } = await startWorker();
    expect((await ask('http://localhost:8787/auth/session')).status).toBe(200);
  });

  it('serves nobody elsewhere, and says what is missing', async () => {
    const { ask, logged } = await startWorker();
    for (const url of ['https://auth.example.com/', 'https://auth.example.com/auth/session']) {
      const answer = await ask(url);
      expect([answer.status, await answer.text()]).toEqual([
        500,
        'This service is not set up correctly.\n',
      ]);
    }
    expect(logged.mock.calls.flat()[0]).toMatch(/BASE_URL: is required/);
  });
});
