import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/time.ts';
import type { Open } from './redis-port.ts';

const WINDOW = minutes(10);

/** `count` and `uncount`. */
export function countsContract(open: Open): void {
  describe('count', () => {
    it('counts up, and says how long the window still is', async () => {
      const { redis, advance } = await open();
      for (const expected of [1, 2, 3]) {
        const { count, resetIn } = await redis.count('key', WINDOW);
        expect(count).toBe(expected);
        expect(resetIn).toBeGreaterThan(WINDOW - seconds(5));
        expect(resetIn).toBeLessThanOrEqual(WINDOW);
      }
      await advance(WINDOW - minutes(1));
      const { resetIn } = await redis.count('key', WINDOW);
      expect(resetIn).toBeGreaterThan(minutes(1) - seconds(5));
      expect(resetIn).toBeLessThanOrEqual(minutes(1));
    });

    it('starts again when the window has ended, however often it was counted', async () => {
      const { redis, advance } = await open();
      await redis.count('key', WINDOW);
      await advance(WINDOW / 2);
      await redis.count('key', WINDOW);
      await advance(WINDOW / 2);
      const { count, resetIn } = await redis.count('key', WINDOW);
      expect(count).toBe(1);
      expect(resetIn).toBeGreaterThan(WINDOW - seconds(5));
    });

    it('does not let a later, longer window prolong the running one', async () => {
      const { redis, advance } = await open();
      await redis.count('key', WINDOW);
      await redis.count('key', 5 * WINDOW);
      await advance(WINDOW);
      expect((await redis.count('key', WINDOW)).count).toBe(1);
    });

    it('counts keys apart', async () => {
      const { redis } = await open();
      await redis.count('a', WINDOW);
      expect((await redis.count('b', WINDOW)).count).toBe(1);
      expect((await redis.count('a', WINDOW)).count).toBe(2);
    });

    it('counts 50 at once as 1 to 50', async () => {
      const { redis } = await open();
      const counts = await Promise.all(
        Array.from({ length: 50 }, () => redis.count('key', WINDOW)),
      );
      const seen = counts.map(({ count }) => count).sort((a, b) => a - b);
      expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
      for (const { resetIn } of counts) {
        expect(resetIn).toBeGreaterThan(0);
        expect(resetIn).toBeLessThanOrEqual(WINDOW);
      }
    });
  });

  describe('uncount', () => {
    it('takes one count back', async () => {
      const { redis } = await open();
      for (let n = 0; n < 3; n += 1) await redis.count('key', WINDOW);
      await redis.uncount('key');
      expect((await redis.count('key', WINDOW)).count).toBe(3);
    });

    it('loses none of 20 at once', async () => {
      const { redis } = await open();
      for (let n = 0; n < 30; n += 1) await redis.count('key', WINDOW);
      await Promise.all(Array.from({ length: 20 }, () => redis.uncount('key')));
      expect((await redis.count('key', WINDOW)).count).toBe(11);
    });

    it('deletes keys in the same step, and no others', async () => {
      const { redis } = await open();
      for (const key of ['key', 'a', 'b', 'c']) await redis.count(key, WINDOW);
      await redis.uncount('key', ['a', 'b', 'never']);
      expect(await redis.get(['key', 'a', 'b', 'c'])).toEqual(['0', null, null, '1']);
      await redis.uncount('c', []);
      expect(await redis.get(['c', 'key'])).toEqual(['0', '0']);
    });

    it('deletes keys although there is nothing to take back', async () => {
      const { redis } = await open();
      await redis.count('a', WINDOW);
      await redis.uncount('never', ['a']);
      expect(await redis.get(['never', 'a'])).toEqual([null, null]);
    });

    it('never makes a key, which would live for ever', async () => {
      const { redis, advance } = await open();
      await redis.uncount('never');
      await redis.count('ended', WINDOW);
      await advance(WINDOW);
      await redis.uncount('ended');
      expect(await redis.get(['never', 'ended'])).toEqual([null, null]);
      expect((await redis.count('ended', WINDOW)).count).toBe(1);
    });

    it('does not move the end of the window', async () => {
      const { redis, advance } = await open();
      await redis.count('key', WINDOW);
      await redis.count('key', WINDOW);
      await advance(WINDOW / 2);
      await redis.uncount('key');
      await advance(WINDOW / 2);
      expect((await redis.count('key', WINDOW)).count).toBe(1);
    });

    it('does not let the first count be taken back and made again to prolong the window', async () => {
      const { redis, advance } = await open();
      await redis.count('key', WINDOW);
      await advance(WINDOW / 2);
      await redis.uncount('key');
      const { count, resetIn } = await redis.count('key', WINDOW);
      expect(count).toBe(1);
      expect(resetIn).toBeLessThanOrEqual(WINDOW / 2);
    });
  });
}
