import type { Counted, RedisClient } from './client.ts';
import type { CommandExecutor } from './rest-server.ts';
import * as scripts from './scripts.ts';

/**
 * Understands the Redis commands that the REST transport sends, and carries them out on a port
 * whose methods run to their end before they return, as the embedded store's do.
 */
export function commandsOf(store: RedisClient): CommandExecutor {
  async function execute([name = '', ...args]: string[]): Promise<unknown> {
    switch (name.toUpperCase()) {
      case 'PING':
        await store.ping();
        return 'PONG';
      case 'MGET':
        return store.get(args);
      case 'GET':
        return (await store.get(args.slice(0, 1)))[0];
      case 'DEL': {
        // Both are started at once, so that what follows in a transaction comes after them.
        const [before] = await Promise.all([store.get(args), store.delete(args)]);
        return before.filter((value) => value !== null).length;
      }
      case 'SET': {
        const [key = '', value = '', ...options] = args;
        const { nx, px } = parseSetOptions(options);
        if (px === null) throw new Error('ERR only SET key value PX ttl [NX] is supported');
        if (nx) return (await store.add(key, value, px)) ? 'OK' : null;
        await store.put(key, value, px);
        return 'OK';
      }
      case 'EVAL': {
        const [script = '', count = '', ...rest] = args;
        const keys = rest.slice(0, Number(count));
        return evaluate(script, keys, rest.slice(Number(count)));
      }
      default:
        throw new Error(`ERR the embedded store does not know '${name.slice(0, 32)}'`);
    }
  }

  async function evaluate(script: string, keys: string[], args: string[]): Promise<unknown> {
    const [key = '', index = ''] = keys;
    switch (script) {
      case scripts.COMPARE_AND_SET: {
        const [expected = '', value = '', ttl, member = '', score] = args;
        const entry = keys.length > 1 ? { index, member, score: Number(score) } : undefined;
        return Number(await store.compareAndSet(key, expected, value, Number(ttl), entry));
      }
      case scripts.ADD_INDEXED: {
        const [prefix = '', member = '', value = '', score, ttl, max] = args;
        const record = {
          index,
          prefix,
          member,
          value,
          score: Number(score),
          ttl: Number(ttl),
          max: Number(max),
        };
        return Number(await store.addIndexed(record, keys.slice(2)));
      }
      case scripts.DELETE_INDEXED: {
        const [member = ''] = args;
        const prefix = key.slice(0, key.length - member.length);
        return Number(await store.deleteIndexed({ index, prefix, member }));
      }
      case scripts.LIST_INDEXED: {
        const records = await store.listIndexed({ index: key, prefix: args[0] ?? '' });
        return records.flatMap(({ member, value }) => [member, value]);
      }
      case scripts.COUNT: {
        const counters = keys.map((key, i) => ({
          key,
          max: Number(args[2 * i + 1]),
          window: Number(args[2 * i + 2]),
        }));
        return answerOf(await store.count(counters));
      }
      case scripts.UNCOUNT: {
        const counts = args.map((window, i) => ({ key: keys[i] ?? '', window }));
        await store.uncount(counts, keys.slice(args.length));
        return 0;
      }
      case scripts.COUNT_TRY: {
        const [free = 0, first = 0, longest = 0, stop = 0, keep = 0] = args.slice(1).map(Number);
        const backoff = { free, first, longest, stop, keep };
        return answerOf(await store.countTry(key, index, backoff));
      }
      default:
        throw new Error('ERR the embedded store does not know this script');
    }
  }

  return {
    execute,
    // All are started before any is awaited, so nothing comes in between.
    transaction: (commands) => Promise.all(commands.map(execute)),
  };
}

/** As the scripts that count answer. */
const answerOf = ({ wait, counts }: Counted) => [wait, ...counts.map(({ window }) => window)];

function parseSetOptions(options: string[]): { nx: boolean; px: number | null } {
  const upper = options.map((option) => option.toUpperCase());
  const px = upper.indexOf('PX');
  return { nx: upper.includes('NX'), px: px < 0 ? null : Number(upper[px + 1]) };
}
