import { describe, expect, it } from 'vitest';
import type { IndexedRecord, NewIndexedRecord, RedisClient } from '../../src/redis/client.ts';
import { hours, minutes } from '../../src/time.ts';
import type { Open } from './redis-port.ts';

const TTL = hours(1);

/** Scores are instants here as they are in use. */
const START = Date.UTC(2026, 0, 1);

const owned = (member: string): IndexedRecord => ({
  index: 'gh:{u}:i',
  prefix: 'gh:{u}:s:',
  member,
});

const record = (member: string, more: Partial<NewIndexedRecord> = {}): NewIndexedRecord => ({
  ...owned(member),
  value: `value of ${member}`,
  score: START,
  ttl: TTL,
  max: 3,
  ...more,
});

/** Adds records one after the other, with rising scores. */
async function fill(redis: RedisClient, members: string[], more: Partial<NewIndexedRecord> = {}) {
  for (const [at, member] of members.entries()) {
    expect(await redis.addIndexed(record(member, { score: START + at + 1, ...more }))).toBe(true);
  }
}

/** Which of these records are there. */
async function alive(redis: RedisClient, members: string[]): Promise<string[]> {
  const values = await redis.get(members.map((member) => `gh:{u}:s:${member}`));
  return members.filter((_, at) => values[at] !== null);
}

/** `addIndexed` and `deleteIndexed`. */
export function indexContract(open: Open): void {
  describe('addIndexed', () => {
    it('stores a record for as long as its time to live', async () => {
      const { redis, advance } = await open();
      expect(await redis.addIndexed(record('a', { value: 'Zoë "1"\n' }))).toBe(true);
      expect(await redis.get(['gh:{u}:s:a'])).toEqual(['Zoë "1"\n']);
      await advance(TTL - minutes(1));
      expect(await alive(redis, ['a'])).toEqual(['a']);
      await advance(minutes(1));
      expect(await alive(redis, ['a'])).toEqual([]);
    });

    it('deletes other keys in the same step, but not where the record exists', async () => {
      const { redis } = await open();
      for (const key of ['gh:{u}:f', 'gh:{u}:g']) await redis.put(key, 'x', TTL);
      expect(await redis.addIndexed(record('a'), ['gh:{u}:f', 'gh:{u}:never'])).toBe(true);
      expect(await redis.get(['gh:{u}:f', 'gh:{u}:g'])).toEqual([null, 'x']);
      expect(await redis.addIndexed(record('a'), ['gh:{u}:g'])).toBe(false);
      expect(await redis.get(['gh:{u}:g'])).toEqual(['x']);
    });

    it('ends the records with the lowest score past the maximum', async () => {
      const { redis } = await open();
      await redis.addIndexed(record('middle', { score: START + 20 }));
      await redis.addIndexed(record('lowest', { score: START + 3 }));
      await redis.addIndexed(record('highest', { score: START + 100 }));
      await redis.addIndexed(record('new', { score: START + 50 }));
      const all = ['lowest', 'middle', 'new', 'highest'];
      expect(await alive(redis, all)).toEqual(['middle', 'new', 'highest']);
      await redis.addIndexed(record('only', { score: START + 101, max: 1 }));
      expect(await alive(redis, [...all, 'only'])).toEqual(['only']);
    });

    it('changes neither the value, its expiry nor its place when the record exists', async () => {
      const { redis, advance } = await open();
      await fill(redis, ['a', 'b', 'c']);
      const again = { value: 'other', score: START + 9, ttl: 3 * TTL, max: 1 };
      expect(await redis.addIndexed(record('a', again))).toBe(false);
      expect(await redis.get(['gh:{u}:s:a'])).toEqual(['value of a']);
      expect(await alive(redis, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
      await redis.addIndexed(record('d', { score: START + 4 }));
      expect(await alive(redis, ['a', 'b', 'c', 'd'])).toEqual(['b', 'c', 'd']);
      await advance(TTL);
      expect(await alive(redis, ['b', 'c', 'd'])).toEqual([]);
    });

    it('does not count expired records against the maximum', async () => {
      const { redis, advance } = await open();
      await redis.addIndexed(record('kept', { score: START + 1, ttl: 2 * TTL }));
      await fill(redis, ['b', 'c'], { score: START + 2 });
      await advance(TTL);
      await fill(redis, ['d', 'e'], { score: START + 3 });
      expect(await alive(redis, ['kept', 'b', 'c', 'd', 'e'])).toEqual(['kept', 'd', 'e']);
    });

    it('drops the entries of deleted records for good', async () => {
      const { redis } = await open();
      await fill(redis, ['kept', 'b', 'c']);
      await redis.delete(['gh:{u}:s:b', 'gh:{u}:s:c']);
      await redis.addIndexed(record('d', { score: START + 4 }));
      // Had their entries stayed, these would count again now.
      for (const member of ['b', 'c']) await redis.add(`gh:{u}:s:${member}`, 'x', TTL);
      await redis.addIndexed(record('e', { score: START + 5 }));
      expect(await alive(redis, ['kept', 'b', 'c', 'd', 'e'])).toHaveLength(5);
      await redis.addIndexed(record('f', { score: START + 6 }));
      expect(await alive(redis, ['kept', 'd', 'e', 'f'])).toEqual(['d', 'e', 'f']);
    });

    it('never ends the new record, though others were made by a clock that is ahead', async () => {
      const { redis } = await open();
      await fill(redis, ['a', 'b', 'c'], { score: START + 50 });
      await redis.addIndexed(record('behind', { score: START }));
      expect(await alive(redis, ['behind'])).toEqual(['behind']);
      expect(await alive(redis, ['a', 'b', 'c'])).toHaveLength(2);
      await redis.addIndexed(record('only', { score: START, max: 1 }));
      expect(await alive(redis, ['a', 'b', 'c', 'behind', 'only'])).toEqual(['only']);
    });

    it('spares a record that was used since, and ends the one used longest ago', async () => {
      const { redis } = await open();
      await fill(redis, ['a', 'b', 'c']);
      const entry = { index: owned('a').index, member: 'a', score: START + 9 };
      await redis.compareAndSet('gh:{u}:s:a', 'value of a', 'used', TTL, entry);
      await redis.addIndexed(record('d', { score: START + 10 }));
      expect(await alive(redis, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
    });

    it('lets its index live as long as the record that lives longest', async () => {
      const { redis, advance } = await open();
      await fill(redis, ['long'], { ttl: 3 * TTL });
      // A shorter one takes nothing away.
      await fill(redis, ['short'], { score: START + 2 });
      const entry = { index: owned('short').index, member: 'short', score: START + 3 };
      await redis.compareAndSet('gh:{u}:s:short', 'value of short', 'renewed', 4 * TTL, entry);
      await advance(2 * TTL);
      expect(await redis.listIndexed(owned(''))).toHaveLength(2);
      await advance(TTL + minutes(30));
      expect(await redis.listIndexed(owned(''))).toEqual([{ member: 'short', value: 'renewed' }]);
    });

    it('keeps the indexes of two owners apart', async () => {
      const { redis } = await open();
      await fill(redis, ['a', 'b', 'c']);
      const other = { index: 'gh:{v}:i', prefix: 'gh:{v}:s:', max: 1 };
      await redis.addIndexed(record('a', { ...other, score: START + 1 }));
      await redis.addIndexed(record('b', { ...other, score: START + 2 }));
      expect(await alive(redis, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
      expect(await redis.get(['gh:{v}:s:a', 'gh:{v}:s:b'])).toEqual([null, 'value of b']);
    });

    it('leaves the 50 newest of 60 at once', async () => {
      const { redis } = await open();
      const members = Array.from({ length: 60 }, (_, n) => `m${n}`);
      const added = await Promise.all(
        members.map((member, score) =>
          redis.addIndexed(record(member, { score: START + score, max: 50 })),
        ),
      );
      expect(added).toEqual(members.map(() => true));
      expect(await alive(redis, members)).toEqual(members.slice(10));
    });

    it('adds one of 20 with the same name at once', async () => {
      const { redis } = await open();
      const values = Array.from({ length: 20 }, (_, n) => `${n}`);
      const added = await Promise.all(
        values.map((value) => redis.addIndexed(record('a', { value }))),
      );
      expect(added.filter((won) => won)).toHaveLength(1);
      expect(await redis.get(['gh:{u}:s:a'])).toEqual([`${added.indexOf(true)}`]);
    });
  });

  describe('deleteIndexed', () => {
    it('deletes the record and frees its place in the index', async () => {
      const { redis } = await open();
      await fill(redis, ['a', 'b', 'c']);
      expect(await redis.deleteIndexed(owned('b'))).toBe(true);
      expect(await alive(redis, ['a', 'b', 'c'])).toEqual(['a', 'c']);
      // Not in the index, so it takes nobody's place.
      await redis.add('gh:{u}:s:b', 'x', TTL);
      await redis.addIndexed(record('d', { score: START + 4 }));
      expect(await alive(redis, ['a', 'b', 'c', 'd'])).toEqual(['a', 'b', 'c', 'd']);
    });

    it('says false where there is no record, or none any more', async () => {
      const { redis, advance } = await open();
      expect(await redis.deleteIndexed(owned('a'))).toBe(false);
      await fill(redis, ['a']);
      await advance(TTL);
      expect(await redis.deleteIndexed(owned('a'))).toBe(false);
      await fill(redis, ['a']);
      expect(await redis.deleteIndexed(owned('a'))).toBe(true);
      expect(await redis.deleteIndexed(owned('a'))).toBe(false);
    });

    it('drops the entry of a record that has expired', async () => {
      const { redis, advance } = await open();
      await fill(redis, ['kept', 'c'], { ttl: 3 * TTL });
      await redis.addIndexed(record('b', { score: START + 2 }));
      await advance(TTL);
      await redis.deleteIndexed(owned('b'));
      await redis.add('gh:{u}:s:b', 'x', TTL);
      await redis.addIndexed(record('d', { score: START + 4 }));
      expect(await alive(redis, ['kept', 'b', 'c', 'd'])).toHaveLength(4);
    });

    it('tells one of 20 at once that there was a record', async () => {
      const { redis } = await open();
      await fill(redis, ['a']);
      const told = await Promise.all(
        Array.from({ length: 20 }, () => redis.deleteIndexed(owned('a'))),
      );
      expect(told.filter((existed) => existed)).toHaveLength(1);
    });
  });
}
