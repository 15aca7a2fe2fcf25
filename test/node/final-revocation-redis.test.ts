import { describe } from 'vitest';
import { createTcp } from '../../src/redis/tcp.ts';
import { hasRedisServer, startRedis } from '../support/redis-server.ts';
import { provesFinalRevocation } from './revocation-orders.ts';

describe.skipIf(!hasRedisServer())('the end of a session, on a real Redis', () => {
  provesFinalRevocation(async () => {
    const server = await startRedis();
    const redis = createTcp({ url: server.url });
    return {
      redis,
      async close() {
        await redis.close();
        await server.close();
      },
    };
    // Steps that fail do so before or after a store, whatever store that is: see the embedded one.
  }, []);
});
