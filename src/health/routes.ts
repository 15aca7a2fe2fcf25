import { Hono } from 'hono';
import type { Database } from '../db/client.ts';
import { type Part, refusal } from '../errors.ts';
import type { AppEnv } from '../http/env.ts';
import { refuse } from '../http/refusal.tsx';
import type { RedisClient } from '../redis/client.ts';
import { type Clock, seconds } from '../time.ts';

export interface HealthParts {
  redis: RedisClient;
  database: Database;
  clock: Clock;
}

/** Mail is kept and tried again, so a request needs none of it. */
type Needed = Exclude<Part, 'mail'>;

/** A result is kept so long, so that eager probes do not become load. */
const KEEP = seconds(1);

export function healthRoutes({ redis, database, clock }: HealthParts) {
  let last: { at: number; silent: Needed[] } | null = null;

  async function silentParts(): Promise<Needed[]> {
    if (last && clock.now() - last.at < KEEP) return last.silent;
    const checks: Record<Needed, Promise<unknown>> = {
      redis: redis.ping(),
      database: database.run((db) => db.run('SELECT 1')),
    };
    const parts = Object.keys(checks) as Needed[];
    const outcomes = await Promise.allSettled(Object.values(checks));
    const silent = parts.filter((_, i) => outcomes[i]?.status === 'rejected');
    last = { at: clock.now(), silent };
    return silent;
  }

  return (
    new Hono<AppEnv>()
      .get('/health', (c) => c.json({ status: 'ok' }))
      // What load balancers ask that send no path of their own (RFC 9110 section 9.3.7).
      .on('OPTIONS', '/', (c) => c.body(null, 204, { Allow: 'GET, HEAD, OPTIONS' }))
      .get('/ready', async (c) => {
        const silent = await silentParts();
        c.header('Cache-Control', 'no-store');
        if (silent.length === 0) return c.json({ status: 'ok' });
        const detail = `Not answering: ${silent.join(', ')}.`;
        return refuse(c, refusal('unavailable', { detail, retryAfter: 1 }));
      })
  );
}
