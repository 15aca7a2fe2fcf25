import { describe, expect, it } from 'vitest';
import type { Backoff } from '../../src/redis/client.ts';
import { days, hours, type Milliseconds, seconds } from '../../src/time.ts';
import type { Open, OpenStore } from './redis-port.ts';

const BACKOFF: Backoff = {
  free: 3,
  first: seconds(30),
  longest: seconds(100),
  stop: 6,
  keep: days(30),
};

const count = ({ redis }: OpenStore, change: Partial<Backoff> = {}, key = '{a}') =>
  redis.countTry(key, `${key}:wait`, { ...BACKOFF, ...change });

/** How long a try has to wait; 0 if it was counted. */
const take = async (...args: Parameters<typeof count>) => (await count(...args)).wait;

/** So long, but for the time that a slow machine takes. */
function expectWait(wait: Milliseconds, expected: Milliseconds): void {
  expect(wait).toBeGreaterThan(expected - seconds(5));
  expect(wait).toBeLessThanOrEqual(expected);
}

/** Tries that many times, each as soon as it may. */
async function exhaust(store: OpenStore, times: number): Promise<void> {
  for (let n = 1; n <= times; n += 1) {
    expect(await take(store)).toBe(0);
    if (n >= BACKOFF.free) await store.advance(BACKOFF.longest);
  }
}

/** `countTry`. */
export function triesContract(open: Open): void {
  describe('countTry', () => {
    it('lets the free ones go on, then doubles the wait up to the longest', async () => {
      const store = await open();
      for (let n = 0; n < 3; n += 1) expect(await take(store)).toBe(0);
      for (const wait of [30, 60, 100].map(seconds)) {
        expectWait(await take(store), wait);
        await store.advance(wait);
        expect(await take(store)).toBe(0);
      }
    });

    it('neither counts nor prolongs the wait by what had to wait', async () => {
      const store = await open();
      for (let n = 0; n < 3; n += 1) await take(store);
      await store.advance(seconds(20));
      for (let n = 0; n < 5; n += 1) expectWait(await take(store), seconds(10));
      expect((await store.redis.get(['{a}']))[0]).toMatch(/^3 /);
      await store.advance(seconds(10));
      expect(await take(store)).toBe(0);
      expectWait(await take(store), seconds(60));
    });

    it('lets nothing through any more after the last', async () => {
      const store = await open();
      await exhaust(store, 6);
      for (let n = 0; n < 3; n += 1) {
        expect(await take(store)).toBe(BACKOFF.longest);
        await store.advance(hours(1));
      }
    });

    it('goes on for ever where there is no last', async () => {
      const store = await open();
      for (let n = 0; n < 60; n += 1) {
        expect(await take(store, { stop: Number.MAX_SAFE_INTEGER })).toBe(0);
        await store.advance(BACKOFF.longest);
      }
      const lately = await take(store, { stop: Number.MAX_SAFE_INTEGER });
      expect(lately).toBe(0);
      expectWait(await take(store, { stop: Number.MAX_SAFE_INTEGER }), BACKOFF.longest);
    });

    it('forgets all of them so long after the last, and no sooner', async () => {
      const store = await open();
      const change = { keep: hours(2) };
      for (let n = 0; n < 2; n += 1) {
        await take(store, change);
        await store.advance(hours(1));
      }
      expect(await take(store, change)).toBe(0);
      expectWait(await take(store, change), seconds(30));
      await store.advance(hours(2));
      for (let n = 0; n < 3; n += 1) expect(await take(store, change)).toBe(0);
      expectWait(await take(store, change), seconds(30));
    });

    it('starts anew when both keys are deleted', async () => {
      const store = await open();
      await exhaust(store, 5);
      await store.redis.delete(['{a}', '{a}:wait']);
      for (let n = 0; n < 3; n += 1) expect(await take(store)).toBe(0);
      expectWait(await take(store), seconds(30));
    });

    it('counts keys apart', async () => {
      const store = await open();
      for (let n = 0; n < 3; n += 1) await take(store, {}, '{b}');
      expect(await take(store, {}, '{c}')).toBe(0);
      expectWait(await take(store, {}, '{b}'), seconds(30));
    });

    it('lets as many of 50 at once go on as are free', async () => {
      const store = await open();
      const waits = await Promise.all(Array.from({ length: 50 }, () => take(store)));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
      expect((await store.redis.get(['{a}']))[0]).toMatch(/^3 /);
    });

    it('has the last one taken back by uncount, its wait too', async () => {
      const store = await open();
      for (let n = 0; n < 2; n += 1) await take(store);
      await store.redis.uncount((await count(store)).counts, ['{a}:wait']);
      expect(await take(store)).toBe(0);
      expectWait(await take(store), seconds(30));
    });

    it('has nothing taken back that was counted before it started anew', async () => {
      const store = await open();
      const { counts } = await count(store);
      await store.redis.delete(['{a}', '{a}:wait']);
      for (let n = 0; n < 3; n += 1) await take(store);
      await store.redis.uncount(counts);
      expect((await store.redis.get(['{a}']))[0]).toMatch(/^3 /);
    });
  });
}
