import { describe, expect, it } from 'vitest';
import { late } from '../../src/db/late.ts';
import { Fault } from '../../src/errors.ts';

/** A port that counts its calls. */
const counting = () => {
  let calls = 0;
  return { next: async (by: number) => (calls += by) };
};

describe('a port that is loaded late', () => {
  it('is loaded by the first call, and is the same one for all', async () => {
    let loaded = 0;
    const port = late(async () => {
      loaded += 1;
      return counting();
    });
    expect(loaded).toBe(0);
    expect(await Promise.all([port.next(1), port.next(10)])).toEqual([1, 11]);
    const times = loaded;
    expect(await port.next(100)).toBe(111);
    expect(loaded).toBe(times);
  });

  it('is a fault while it can not be loaded, and is tried again', async () => {
    let broken = true;
    const port = late(async () => {
      if (broken) throw new Error('no such module');
      return counting();
    });
    await expect(port.next(1)).rejects.toBeInstanceOf(Fault);
    broken = false;
    expect(await port.next(1)).toBe(1);
  });

  it('can be handed on by an async function', async () => {
    const port = late(async () => counting());
    const handed = await (async () => port)();
    expect(await handed.next(1)).toBe(1);
  });
});
