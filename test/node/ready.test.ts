import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import { costOf } from '../support/requests.ts';

describe('GET /ready', () => {
  it('asks the stores once for all who wait at the same time', async () => {
    const app = await createTestApp({ store: 'rest' });
    const held = app.redis.hold('ping');
    const cost = await costOf(app, async () => {
      const answers = Array.from({ length: 20 }, () => app.client().get('/ready'));
      await held.arrived;
      held.release();
      for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    });
    expect(cost).toEqual({ commands: ['PING'], statements: 1 });
  });

  it('asks again after all who waited were told that a store is down', async () => {
    const app = await createTestApp({ store: 'rest' });
    await app.breakStore('status-500');
    const answers = Array.from({ length: 3 }, () => app.client().get('/ready'));
    for (const { status } of await Promise.all(answers)) expect(status).toBe(503);
    await app.breakStore(null);
    await app.advance(1001);
    expect((await app.client().get('/ready')).status).toBe(200);
  });
});
