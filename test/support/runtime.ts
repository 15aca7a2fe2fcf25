import type { Hono } from 'hono';
import type { AppOptions } from '../../src/app.ts';
import type { Database } from '../../src/db/client.ts';
import type { Gate } from '../../src/passwords/gate.ts';
import type { Bcrypt } from '../../src/passwords/passwords.ts';
import type { RedisClient } from '../../src/redis/client.ts';
import type { RestStore } from '../../src/redis/rest-transport.ts';
import type { Clock } from '../../src/time.ts';

/** What a test app stands on, on either runtime. */
export interface Runtime {
  name: 'node' | 'workerd';
  platform: 'node' | 'workers';
  /** A request may wait for what another one asked for. */
  sharesWork: boolean;
  bcrypt: Bcrypt;
  gate: Gate;
  /** Has a request answered as the platform does. */
  answer(app: { fetch: Hono['fetch'] }, request: Request): Promise<Response>;
  /** How routes are found here. */
  routing(): Pick<AppOptions, 'router'>;
  /** The REST transport as this runtime uses it. */
  connectRest(store: RestStore): RedisClient;
  /** The embedded store in this process; null where there is none. */
  openEmbedded: ((clock: Clock) => RedisClient) | null;
  /** A fresh, migrated database. */
  openDatabase(serverUrl: string): Promise<Database>;
}

const { navigator } = globalThis as { navigator?: { userAgent: string } };

export const runtime: Runtime =
  navigator?.userAgent === 'Cloudflare-Workers'
    ? (await import('./runtime-workerd.ts')).workerd
    : (await import('./runtime-node.ts')).node;
