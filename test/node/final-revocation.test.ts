import { describe } from 'vitest';
import { createEmbedded } from '../../src/redis/embedded.ts';
import { provesFinalRevocation } from './revocation-orders.ts';

describe('the end of a session, on the embedded store', () => {
  provesFinalRevocation(async () => {
    const redis = createEmbedded({ path: ':memory:' });
    return { redis, close: () => redis.close() };
  });
});
