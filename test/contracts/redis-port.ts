import { describe, expect, it } from 'vitest';
import type { RedisClient } from '../../src/redis/client.ts';
import type { Milliseconds } from '../../src/time.ts';
import { countsContract } from './redis-counts.ts';
import { indexContract } from './redis-index.ts';
import { listingContract } from './redis-listing.ts';
import { triesContract } from './redis-tries.ts';
import { valuesContract } from './redis-values.ts';

export interface OpenStore {
  redis: RedisClient;
  /** Lets time go by for the store. */
  advance(span: Milliseconds): Promise<void>;
}

/** Opens an empty store for one test, and closes it after that. */
export type Open = () => Promise<OpenStore>;

/** What the comments of the port promise, asked of one implementation. */
export function redisContract(name: string, open: Open): void {
  describe(name, () => {
    valuesContract(open);
    indexContract(open);
    listingContract(open);
    countsContract(open);
    triesContract(open);

    it('answers a ping', async () => {
      const { redis } = await open();
      await expect(redis.ping()).resolves.toBeUndefined();
    });
  });
}
