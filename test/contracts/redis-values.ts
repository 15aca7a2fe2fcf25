import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/time.ts';
import type { Open } from './redis-port.ts';

const TTL = minutes(10);

/** Text that a layer on the way may take for something else. */
const VALUES: Record<string, string> = {
  'an empty string': '',
  'a number': '123',
  'a number past 2^53': '12345678901234567890',
  'the word null': 'null',
  'the word OK': 'OK',
  JSON: '{"a":[1,"2",null]}',
  'JSON that looks like an answer': '{"result":null,"error":"ERR"}',
  quotes: `'"\\"\`"'`,
  'line breaks': 'a\r\nb\nc\u2028d',
  unicode: 'Zoë Ωμέγα 日本 👩‍👩‍👧 e\u0301',
  base64: 'T0s=',
  'white space': '  \t ',
  '100 KB': 'é'.repeat(50_000),
};

const KEYS: Record<string, string> = {
  'hash tags': 'gh:{user%20one}:s:abc',
  'white space and line breaks': 'a b\t\r\nc',
  quotes: `'"\\`,
  globs: 'a*?[b-c]^',
  'the wildcards of SQL': 'a_%b',
  unicode: 'clé:日本:👍',
  'the name of a command': 'GET',
  digits: '42',
  '2000 characters': 'k'.repeat(2000),
};

/** `get`, `add`, `put`, `compareAndSet` and `delete`. */
export function valuesContract(open: Open): void {
  describe('get', () => {
    it('answers in the order of the keys, with null for the absent', async () => {
      const { redis } = await open();
      await redis.add('a', '1', TTL);
      await redis.add('b', '2', TTL);
      expect(await redis.get(['b', 'none', 'a', 'b'])).toEqual(['2', null, '1', '2']);
    });

    it('answers 100 keys at once', async () => {
      const { redis } = await open();
      const keys = Array.from({ length: 100 }, (_, n) => `key ${n}`);
      for (const key of keys) await redis.add(key, `of ${key}`, TTL);
      expect(await redis.get(keys)).toEqual(keys.map((key) => `of ${key}`));
    });

    it('does not see what has expired', async () => {
      const { redis, advance } = await open();
      await redis.add('short', 'x', TTL);
      await redis.add('long', 'y', 2 * TTL);
      await advance(TTL - seconds(5));
      expect(await redis.get(['short', 'long'])).toEqual(['x', 'y']);
      await advance(seconds(5));
      expect(await redis.get(['short', 'long'])).toEqual([null, 'y']);
    });

    it.each(Object.entries(VALUES))('gives back %s as it was stored', async (_, value) => {
      const { redis } = await open();
      expect(await redis.add('key', value, TTL)).toBe(true);
      expect(await redis.get(['key'])).toEqual([value]);
      expect(await redis.compareAndSet('key', value, `${value}!`, TTL)).toBe(true);
      expect(await redis.get(['key'])).toEqual([`${value}!`]);
    });

    it.each(Object.entries(KEYS))('tells keys with %s apart', async (_, key) => {
      const { redis } = await open();
      const alike = `${key} `;
      expect(await redis.add(key, 'this', TTL)).toBe(true);
      expect(await redis.add(alike, 'other', TTL)).toBe(true);
      expect(await redis.get([key, alike])).toEqual(['this', 'other']);
      expect(await redis.compareAndSet(key, 'this', 'new', TTL)).toBe(true);
      await redis.delete([alike]);
      expect(await redis.get([key, alike])).toEqual(['new', null]);
    });
  });

  describe('add', () => {
    it('leaves a value that exists, and its expiry, as they are', async () => {
      const { redis, advance } = await open();
      expect(await redis.add('key', 'first', TTL)).toBe(true);
      expect(await redis.add('key', 'second', 2 * TTL)).toBe(false);
      expect(await redis.get(['key'])).toEqual(['first']);
      await advance(TTL);
      expect(await redis.get(['key'])).toEqual([null]);
    });

    it('takes a key again after its expiry and after its deletion', async () => {
      const { redis, advance } = await open();
      await redis.add('key', 'first', TTL);
      await advance(TTL);
      expect(await redis.add('key', 'second', TTL)).toBe(true);
      await redis.delete(['key']);
      expect(await redis.add('key', 'third', TTL)).toBe(true);
      expect(await redis.get(['key'])).toEqual(['third']);
    });

    it('lets one of 20 at once win', async () => {
      const { redis } = await open();
      const won = await Promise.all(numbers(20).map((n) => redis.add('key', `${n}`, TTL)));
      expect(won.filter((added) => added)).toHaveLength(1);
      expect(await redis.get(['key'])).toEqual([`${won.indexOf(true)}`]);
    });
  });

  describe('put', () => {
    it('replaces whatever is there, and its expiry', async () => {
      const { redis, advance } = await open();
      await redis.put('key', 'first', TTL);
      expect(await redis.get(['key'])).toEqual(['first']);
      await redis.put('key', 'second', 2 * TTL);
      await advance(TTL);
      expect(await redis.get(['key'])).toEqual(['second']);
      await redis.put('key', 'third', TTL / 2);
      await advance(TTL / 2);
      expect(await redis.get(['key'])).toEqual([null]);
    });
  });

  describe('compareAndSet', () => {
    it('replaces only the expected value', async () => {
      const { redis } = await open();
      await redis.add('key', 'a', TTL);
      expect(await redis.compareAndSet('key', 'A', 'c', TTL)).toBe(false);
      expect(await redis.get(['key'])).toEqual(['a']);
      expect(await redis.compareAndSet('key', 'a', 'b', TTL)).toBe(true);
      expect(await redis.get(['key'])).toEqual(['b']);
    });

    it.each(['', 'null', 'false'])('makes no key of an absent one for %j', async (expected) => {
      const { redis } = await open();
      expect(await redis.compareAndSet('key', expected, 'made', TTL)).toBe(false);
      expect(await redis.get(['key'])).toEqual([null]);
    });

    it('does not bring back what has expired', async () => {
      const { redis, advance } = await open();
      await redis.add('key', 'a', TTL);
      await advance(TTL);
      expect(await redis.compareAndSet('key', 'a', 'b', TTL)).toBe(false);
      expect(await redis.get(['key'])).toEqual([null]);
    });

    it('sets the expiry anew, later or sooner, and only when it wins', async () => {
      const { redis, advance } = await open();
      for (const key of ['later', 'sooner', 'lost']) await redis.add(key, 'a', 2 * TTL);
      expect(await redis.compareAndSet('later', 'a', 'b', 4 * TTL)).toBe(true);
      expect(await redis.compareAndSet('sooner', 'a', 'b', TTL)).toBe(true);
      expect(await redis.compareAndSet('lost', 'x', 'b', 4 * TTL)).toBe(false);
      await advance(TTL);
      expect(await redis.get(['later', 'sooner', 'lost'])).toEqual(['b', null, 'a']);
      await advance(TTL);
      expect(await redis.get(['later', 'lost'])).toEqual(['b', null]);
      await advance(2 * TTL);
      expect(await redis.get(['later'])).toEqual([null]);
    });

    it('lets one of 20 at once win', async () => {
      const { redis } = await open();
      await redis.add('key', 'start', TTL);
      const won = await Promise.all(
        numbers(20).map((n) => redis.compareAndSet('key', 'start', `${n}`, TTL)),
      );
      expect(won.filter((replaced) => replaced)).toHaveLength(1);
      expect(await redis.get(['key'])).toEqual([`${won.indexOf(true)}`]);
    });
  });

  describe('delete', () => {
    it('deletes what it is given and nothing else', async () => {
      const { redis } = await open();
      for (const key of ['a', 'b', 'c']) await redis.add(key, 'x', TTL);
      await redis.delete(['a', 'c']);
      expect(await redis.get(['a', 'b', 'c'])).toEqual([null, 'x', null]);
    });

    it('takes absent keys for deleted', async () => {
      const { redis } = await open();
      await redis.add('key', 'x', TTL);
      await redis.delete(['none', 'key']);
      await redis.delete(['none', 'key']);
      expect(await redis.get(['key'])).toEqual([null]);
    });
  });

  it('has nothing to get or to delete for no keys', async () => {
    const { redis } = await open();
    expect(await redis.get([])).toEqual([]);
    await expect(redis.delete([])).resolves.toBeUndefined();
  });
}

const numbers = (length: number) => Array.from({ length }, (_, n) => n);
