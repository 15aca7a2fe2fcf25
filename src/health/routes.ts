import { Hono } from 'hono';
import { refusal } from '../errors.ts';
import type { AppEnv } from '../http/env.ts';
import { refuse } from '../http/refusal.tsx';
import { createReadiness, type ReadinessParts, unreadiness } from './readiness.ts';

/** @param isDraining Whether the server is about to end, so that nothing new should be sent to it. */
export function healthRoutes(parts: ReadinessParts, isDraining: () => boolean) {
  const readiness = createReadiness(parts);
  return (
    new Hono<AppEnv>()
      .get('/health', (c) => c.json({ status: 'ok' }))
      // What load balancers ask that send no path of their own (RFC 9110 section 9.3.7).
      .on('OPTIONS', '/', (c) => c.body(null, 204, { Allow: 'GET, HEAD, OPTIONS' }))
      .get('/ready', async (c) => {
        const detail = isDraining()
          ? 'Draining: this server ends.'
          : unreadiness(await readiness());
        c.header('Cache-Control', 'no-store');
        if (detail === '') return c.json({ status: 'ok' });
        return refuse(c, refusal('unavailable', { detail, retryAfter: 1 }));
      })
  );
}
