import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/redis/client.ts';
import { type Milliseconds, minutes, seconds } from '../../src/time.ts';
import type { Open, OpenStore } from './redis-port.ts';

const WINDOW = minutes(10);

const counter = (key: string, max = 3, window: Milliseconds = WINDOW) => ({ key, max, window });

/** Counts one under a key. */
const countOne = async ({ redis }: OpenStore, key = '{a}', max = 1000): Promise<Count> => {
  const { wait, counts } = await redis.count([counter(key, max)]);
  expect([wait, counts.length]).toEqual([0, 1]);
  return counts[0] as Count;
};

/** How often a key has been counted in its window. */
const timesCounted = async ({ redis }: OpenStore, key = '{a}') => {
  const [value] = await redis.get([key]);
  return value ? Number(value.split(' ')[0]) : null;
};

/** So long, but for the time that a slow machine takes. */
function expectWait(wait: Milliseconds, expected: Milliseconds): void {
  expect(wait).toBeGreaterThan(expected - seconds(5));
  expect(wait).toBeLessThanOrEqual(expected);
}

/** `count` and `uncount`. */
export function countsContract(open: Open): void {
  describe('count', () => {
    it('counts up to the greatest, then says how long to wait, and counts nothing', async () => {
      const store = await open();
      for (let n = 0; n < 3; n += 1) await countOne(store, '{a}', 3);
      await store.advance(minutes(4));
      for (let n = 0; n < 2; n += 1) {
        const { wait, counts } = await store.redis.count([counter('{a}')]);
        expectWait(wait, minutes(6));
        expect(counts).toEqual([]);
      }
      expect(await timesCounted(store)).toBe(3);
    });

    it('starts again when the window has ended, however often it was counted', async () => {
      const store = await open();
      await countOne(store);
      await store.advance(WINDOW / 2);
      await countOne(store);
      await store.advance(WINDOW / 2);
      await countOne(store);
      expect(await timesCounted(store)).toBe(1);
    });

    it('does not let a later, longer window prolong the running one', async () => {
      const store = await open();
      await countOne(store);
      await store.redis.count([counter('{a}', 9, 5 * WINDOW)]);
      await store.advance(WINDOW);
      await countOne(store);
      expect(await timesCounted(store)).toBe(1);
    });

    it('counts several at once, or none of them when one has reached its greatest', async () => {
      const store = await open();
      const both = [counter('{a}', 2), counter('{a}:wide', 3, 2 * WINDOW)];
      for (let n = 0; n < 2; n += 1) expect((await store.redis.count(both)).wait).toBe(0);
      expectWait((await store.redis.count(both)).wait, WINDOW);
      expect(await timesCounted(store, '{a}:wide')).toBe(2);
      const others = [counter('{a}:other', 2), counter('{a}:wide', 3, 2 * WINDOW)];
      expect((await store.redis.count(others)).wait).toBe(0);
      expectWait((await store.redis.count(others)).wait, 2 * WINDOW);
      expect(await timesCounted(store, '{a}:other')).toBe(1);
      // The longest of the waits: before that no try would go on.
      expectWait((await store.redis.count(both)).wait, 2 * WINDOW);
    });

    it('lets as many of 50 at once go on as there is room for', async () => {
      const store = await open();
      const all = Array.from({ length: 50 }, () => store.redis.count([counter('{a}', 20)]));
      const waits = (await Promise.all(all)).map(({ wait }) => wait);
      expect(waits.filter((wait) => wait === 0)).toHaveLength(20);
      for (const wait of waits) expect(wait).toBeLessThanOrEqual(WINDOW);
      expect(await timesCounted(store)).toBe(20);
    });
  });

  describe('uncount', () => {
    it('takes one count back', async () => {
      const store = await open();
      for (let n = 0; n < 2; n += 1) await countOne(store);
      await store.redis.uncount([await countOne(store)]);
      expect(await timesCounted(store)).toBe(2);
    });

    it('loses none of 20 at once', async () => {
      const store = await open();
      const counts = await Promise.all(Array.from({ length: 30 }, () => countOne(store)));
      await Promise.all(counts.slice(10).map((count) => store.redis.uncount([count])));
      expect(await timesCounted(store)).toBe(10);
    });

    it('takes several back', async () => {
      const store = await open();
      const both = [counter('{a}'), counter('{a}:wide')];
      await store.redis.count(both);
      await store.redis.uncount((await store.redis.count(both)).counts);
      expect([await timesCounted(store), await timesCounted(store, '{a}:wide')]).toEqual([1, 1]);
    });

    it('deletes keys in the same step, and no others', async () => {
      const store = await open();
      for (const key of ['{a}', '{a}1', '{a}2', '{a}3']) await countOne(store, key);
      const count = await countOne(store);
      await store.redis.uncount([count], ['{a}1', '{a}2', '{a}never']);
      const left = ['{a}', '{a}1', '{a}2', '{a}3'].map((key) => timesCounted(store, key));
      expect(await Promise.all(left)).toEqual([1, null, null, 1]);
      await store.redis.uncount([], ['{a}3']);
      expect(await timesCounted(store, '{a}3')).toBeNull();
    });

    it('never makes a key, which would live for ever', async () => {
      const store = await open();
      const count = await countOne(store);
      await store.advance(WINDOW);
      await store.redis.uncount([count, { key: '{a}never', window: 'x' }]);
      expect(await store.redis.get(['{a}', '{a}never'])).toEqual([null, null]);
    });

    it('takes nothing back from a later window, nor below zero', async () => {
      const store = await open();
      const before = await Promise.all([1, 2, 3].map(() => countOne(store)));
      await store.advance(WINDOW);
      const count = await countOne(store);
      await countOne(store);
      for (const late of before) await store.redis.uncount([late]);
      expect(await timesCounted(store)).toBe(2);
      for (let n = 0; n < 4; n += 1) await store.redis.uncount([count]);
      expect(await timesCounted(store)).toBe(0);
    });

    it('does not move the end of the window', async () => {
      const store = await open();
      const count = await countOne(store);
      await store.advance(WINDOW / 2);
      await store.redis.uncount([count]);
      await countOne(store);
      await store.advance(WINDOW / 2);
      expect(await timesCounted(store)).toBeNull();
    });
  });
}
