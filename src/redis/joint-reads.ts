import type { RedisClient } from './client.ts';
import { createQueue } from './queue.ts';

interface Reader {
  keys: readonly string[];
  resolve(values: (string | null)[]): void;
  reject(error: unknown): void;
}

/**
 * Reads in one command what is asked for at once, and once what several ask for: less to send, to
 * carry out and to pay. Everybody's values are read after they were asked for, never before.
 * At most `most` commands are under way, and further reads wait for them; see `createQueue`.
 */
export function joinReads(redis: RedisClient, most?: number): RedisClient {
  const enqueue = createQueue<Reader>(async (readers) => {
    try {
      const keys = [...new Set(readers.flatMap((reader) => reader.keys))];
      const values = await redis.get(keys);
      const found = new Map(keys.map((key, place) => [key, values[place] ?? null]));
      for (const { keys, resolve } of readers) resolve(keys.map((key) => found.get(key) ?? null));
    } catch (error) {
      for (const { reject } of readers) reject(error);
    }
  }, most);

  return {
    ...redis,
    get: (keys) => new Promise((resolve, reject) => enqueue({ keys, resolve, reject })),
  };
}
