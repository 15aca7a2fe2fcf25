import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import { costOf, NO_COST } from '../support/requests.ts';

const ready = async (app: Awaited<ReturnType<typeof createTestApp>>) => app.client().get('/ready');

describe('GET /health', () => {
  it('touches nothing, and works while nothing else does', async () => {
    const app = await createTestApp({ store: 'rest' });
    await app.breakStore('status-500');
    app.breakDatabase('status-500');
    const cost = await costOf(app, async () => {
      const { status, json, cookies } = await app.client().get('/health');
      expect([status, json, cookies]).toEqual([200, { status: 'ok' }, []]);
    });
    expect(cost).toEqual(NO_COST);
  });
});

describe('GET /ready', () => {
  it('asks the store and the database, at most once a second', async () => {
    const app = await createTestApp({ store: 'rest' });
    const first = await costOf(app, async () => expect((await ready(app)).status).toBe(200));
    expect(first).toEqual({ commands: ['PING'], statements: 1 });
    const again = await costOf(app, async () => expect((await ready(app)).status).toBe(200));
    expect(again).toEqual(NO_COST);
    await app.advance(1001);
    expect((await costOf(app, () => ready(app))).commands).toEqual(['PING']);
  });

  it.each([
    ['redis', 'database'],
    ['database', 'redis'],
  ])('answers 503 and names the part that does not answer: %s', async (broken, working) => {
    const app = await createTestApp({ store: 'rest' });
    if (broken === 'redis') await app.breakStore('status-500');
    else app.breakDatabase('status-500');
    const { status, json, headers } = await ready(app);
    expect([status, json.code]).toEqual([503, 'unavailable']);
    expect(json.detail).toContain(broken);
    expect(json.detail).not.toContain(working);
    expect(headers.get('retry-after')).toBe(String(json.retryAfter));
  });

  it('names both, and is ready again when they are', async () => {
    const app = await createTestApp({ store: 'rest' });
    await app.breakStore('status-500');
    app.breakDatabase('status-500');
    expect((await ready(app)).json.detail).toMatch(/redis.*database/);
    await app.breakStore(null);
    app.breakDatabase(null);
    await app.advance(1001);
    expect((await ready(app)).status).toBe(200);
  });
});
