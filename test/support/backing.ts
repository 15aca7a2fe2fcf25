import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RedisClient } from '../../src/redis/client.ts';
import { commandsOf } from '../../src/redis/dialect.ts';
import { createEmbedded } from '../../src/redis/embedded.ts';
import { type CommandExecutor, serveRest } from '../../src/redis/rest-server.ts';

/** How a store or database misbehaves; all but `lost` before anything is carried out. */
export type FaultKind = 'down' | 'hang' | 'status-500' | 'status-429' | 'html' | 'lost';

export interface Orders {
  /** null heals it. */
  fault?: FaultKind | null;
  /** Commands that still go well before the fault begins. */
  after?: number;
  /** Moves the store's clock. */
  advance?: number;
}

interface Store {
  redis: RedisClient;
  executor: CommandExecutor;
  commands: string[];
  requests: number;
  offset: number;
  fault: FaultKind | null;
  after: number;
}

export interface Backing {
  url: string;
  close(): Promise<void>;
}

/**
 * The Redis REST store of the tests: behind every bearer token an embedded store of its own, with
 * its own clock, its own faults and a count of what it was asked. `POST /control/TOKEN` gives
 * orders and answers with the count; `/broken/KIND/…` is a database with that fault.
 */
export async function startBacking(): Promise<Backing> {
  const stores = new Map<string, Store>();
  const rest = await serveRest({ executor: (token) => storeOf(token).executor, port: 0 });

  function storeOf(token: string): Store {
    const known = stores.get(token);
    if (known) return known;
    const clock = { now: () => Date.now() + store.offset };
    const redis = createEmbedded({ path: ':memory:', clock });
    const inner = commandsOf(redis);
    const store: Store = {
      redis,
      executor: {
        execute(command) {
          store.commands.push((command[0] ?? '').toUpperCase());
          return inner.execute(command);
        },
        transaction: inner.transaction,
      },
      ...{ commands: [], requests: 0, offset: 0, fault: null, after: 0 },
    };
    stores.set(token, store);
    return store;
  }

  const front = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const [, kind = '', name = ''] = (request.url ?? '').split('/');
    if (kind === 'control') return control(storeOf(name), JSON.parse(body), response);
    if (kind === 'broken') return misbehave(name as FaultKind, response);

    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const store = storeOf(token);
    store.requests += 1;
    const broken = store.fault !== null && store.after-- <= 0 ? store.fault : null;
    if (broken !== null && broken !== 'lost') return misbehave(broken, response);
    const answer = await fetch(new URL(request.url ?? '/', rest.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
    });
    if (broken === 'lost') return response.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    async close() {
      front.closeAllConnections();
      front.close();
      await rest.close();
      for (const { redis } of stores.values()) await redis.close();
    },
  };
}

function control(store: Store, orders: Orders, response: http.ServerResponse) {
  if (orders.fault !== undefined) {
    store.fault = orders.fault;
    store.after = orders.after ?? 0;
  }
  store.offset += orders.advance ?? 0;
  response.end(JSON.stringify({ commands: store.commands, requests: store.requests }));
  store.commands = [];
  store.requests = 0;
}

function misbehave(kind: FaultKind, response: http.ServerResponse) {
  switch (kind) {
    case 'down':
    case 'lost':
      return response.destroy();
    case 'hang':
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      return response.end('<!doctype html><p>Log in to the hotel network</p>');
    default:
      response.writeHead(Number(kind.slice(-3)), { 'content-type': 'application/json' });
      return response.end('{"error":"ERR not now"}');
  }
}
