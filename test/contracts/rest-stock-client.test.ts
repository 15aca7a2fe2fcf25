import { Redis } from '@upstash/redis';
import { describe, expect, it } from 'vitest';
import { openRestServer } from '../support/rest-server.ts';

describe('a stock client of @upstash/redis with its defaults', () => {
  const stock = async () => {
    const { url, token, inner } = await openRestServer();
    return { redis: new Redis({ url, token }), inner };
  };
  const set = { nx: true, px: 60_000 } as const;

  it('gets back what it set: unicode, objects and the word OK', async () => {
    const { redis } = await stock();
    expect(await redis.set('unicode', 'Zoë 日本 👩‍👩‍👧', set)).toBe('OK');
    expect(await redis.set('unicode', 'again', set)).toBeNull();
    expect(await redis.set('object', { name: 'Zoë', list: [1, 'zwei'] }, set)).toBe('OK');
    expect(await redis.set('ok', 'OK', set)).toBe('OK');
    expect(await redis.get('unicode')).toBe('Zoë 日本 👩‍👩‍👧');
    expect(await redis.get('none')).toBeNull();
    expect(await redis.mget('ok', 'none', 'object', 'unicode')).toEqual([
      'OK',
      null,
      { name: 'Zoë', list: [1, 'zwei'] },
      'Zoë 日本 👩‍👩‍👧',
    ]);
    expect(await redis.ping()).toBe('PONG');
    expect(await redis.del('unicode', 'none', 'ok')).toBe(2);
  });

  it('sends several commands as a pipeline, in order', async () => {
    const { redis } = await stock();
    const answers = await redis
      .pipeline()
      .set('a', 'é', set)
      .get('a')
      .mget('a', 'b')
      .del('a')
      .exec();
    expect(answers).toEqual(['OK', 'é', ['é', null], 1]);
  });

  it('sends several commands as one transaction, in order', async () => {
    const { redis } = await stock();
    const answers = await redis.multi().set('a', 'é', set).get('a').del('a').get('a').exec();
    expect(answers).toEqual(['OK', 'é', 1, null]);
  });

  it.each(['pipeline', 'multi'] as const)(
    'sets again what the same %s has deleted',
    async (way) => {
      const { redis, inner } = await stock();
      await inner.add('a', 'old', 60_000);
      expect(await redis[way]().del('a').set('a', 'new', set).get('a').exec()).toEqual([
        1,
        'OK',
        'new',
      ]);
      expect(await inner.get(['a'])).toEqual(['new']);
    },
  );
});

describe('base64', () => {
  it('is how strings travel when asked for, but not OK, numbers, null and errors', async () => {
    const { inner, bearer, post } = await openRestServer();
    await inner.add('key', 'Zoë', 60_000);
    const commands = [
      ['GET', 'key'],
      ['MGET', 'key', 'none'],
      ['SET', 'key', 'value', 'NX', 'PX', 1000],
      ['SET', 'new', 'value', 'NX', 'PX', 1000],
      ['DEL', 'key'],
      ['NO'],
      ['PING'],
    ];
    const plain = await post('/pipeline', [['GET', 'key']]);
    expect(plain.json).toEqual([{ result: 'Zoë' }]);
    const encoded = await post('/pipeline', commands, { ...bearer, 'upstash-encoding': 'base64' });
    expect(encoded.json).toEqual([
      { result: 'Wm/Dqw==' },
      { result: ['Wm/Dqw==', null] },
      { result: null },
      { result: 'OK' },
      { result: 1 },
      { error: expect.stringContaining("'NO'") },
      { result: 'UE9ORw==' },
    ]);
  });
});
