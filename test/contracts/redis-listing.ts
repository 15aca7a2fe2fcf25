import { describe, expect, it } from 'vitest';
import type { RedisClient } from '../../src/redis/client.ts';
import { hours } from '../../src/time.ts';
import type { Open } from './redis-port.ts';

const TTL = hours(1);
const OWNER = { index: 'gh:{u}:i', prefix: 'gh:{u}:s:' };
const OTHER = { index: 'gh:{v}:i', prefix: 'gh:{v}:s:' };

/** Adds records whose scores are given. */
async function fill(redis: RedisClient, scores: Record<string, number>, owner = OWNER) {
  const life = { ttl: TTL, max: 50 };
  for (const [member, score] of Object.entries(scores)) {
    await redis.addIndexed({ ...owner, ...life, member, score, value: `value of ${member}` });
  }
}

/** `listIndexed`. */
export function listingContract(open: Open): void {
  describe('listIndexed', () => {
    it('gives the live records with their values, lowest score first', async () => {
      const { redis } = await open();
      expect(await redis.listIndexed(OWNER)).toEqual([]);
      await fill(redis, { late: 30, first: 4, middle: 20 });
      await fill(redis, { foreign: 1 }, OTHER);
      expect(await redis.listIndexed(OWNER)).toEqual([
        { member: 'first', value: 'value of first' },
        { member: 'middle', value: 'value of middle' },
        { member: 'late', value: 'value of late' },
      ]);
    });

    it('leaves out what was deleted or has expired', async () => {
      const { redis, advance } = await open();
      await fill(redis, { a: 1, b: 2, c: 3 });
      await redis.deleteIndexed({ ...OWNER, member: 'a' });
      await redis.delete([`${OWNER.prefix}b`]);
      expect(await redis.listIndexed(OWNER)).toEqual([{ member: 'c', value: 'value of c' }]);
      await advance(TTL);
      expect(await redis.listIndexed(OWNER)).toEqual([]);
    });

    it('has no place for a record that came back after it was ended', async () => {
      const { redis } = await open();
      await fill(redis, { deleted: 1, evicted: 2 });
      await redis.deleteIndexed({ ...OWNER, member: 'deleted' });
      const life = { ttl: TTL, max: 1 };
      await redis.addIndexed({ ...OWNER, ...life, member: 'new', score: 3, value: 'x' });
      for (const member of ['deleted', 'evicted']) {
        await redis.put(OWNER.prefix + member, 'y', TTL);
      }
      expect(await redis.listIndexed(OWNER)).toEqual([{ member: 'new', value: 'x' }]);
    });

    it('keeps the place of a record that was replaced', async () => {
      const { redis } = await open();
      await fill(redis, { a: 1, b: 2 });
      await redis.compareAndSet(`${OWNER.prefix}a`, 'value of a', 'Zoë "1"\n', TTL);
      const [first] = await redis.listIndexed(OWNER);
      expect(first).toEqual({ member: 'a', value: 'Zoë "1"\n' });
    });

    it('has the new place of a record that was replaced with its entry', async () => {
      const { redis } = await open();
      await fill(redis, { a: 1, b: 2 });
      const entry = { index: OWNER.index, member: 'a', score: 3 };
      const replace = (expected: string) =>
        redis.compareAndSet(`${OWNER.prefix}a`, expected, 'new', TTL, entry);
      expect(await replace('another value')).toBe(false);
      const members = async () => (await redis.listIndexed(OWNER)).map(({ member }) => member);
      expect(await members()).toEqual(['a', 'b']);
      expect(await replace('value of a')).toBe(true);
      expect(await members()).toEqual(['b', 'a']);
    });

    it('has a record again whose entry was lost, once it is replaced', async () => {
      const { redis } = await open();
      await redis.add(`${OWNER.prefix}a`, 'evicted from its index', TTL);
      expect(await redis.listIndexed(OWNER)).toEqual([]);
      const entry = { index: OWNER.index, member: 'a', score: 3 };
      await redis.compareAndSet(`${OWNER.prefix}a`, 'evicted from its index', 'b', TTL, entry);
      expect(await redis.listIndexed(OWNER)).toEqual([{ member: 'a', value: 'b' }]);
    });

    it('makes no entry of a record that has ended', async () => {
      const { redis } = await open();
      const entry = { index: OWNER.index, member: 'a', score: 3 };
      expect(await redis.compareAndSet(`${OWNER.prefix}a`, 'x', 'y', TTL, entry)).toBe(false);
      await redis.put(`${OWNER.prefix}a`, 'y', TTL);
      expect(await redis.listIndexed(OWNER)).toEqual([]);
    });
  });
}
