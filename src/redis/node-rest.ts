import { createBatching } from './batching.ts';
import type { RedisClient } from './client.ts';
import { joinReads } from './joint-reads.ts';
import { createKeepAlive } from './keep-alive.ts';
import type { RestStore } from './rest-transport.ts';
import { createUpstash } from './upstash.ts';

/** The port over `@upstash/redis` as a Node process uses it, whose requests may wait for another. */
export const createNodeRest = (store: RestStore): RedisClient =>
  joinReads(createUpstash(store, createBatching(createKeepAlive(store))));
