import { sql } from 'drizzle-orm';
import { TrieRouter } from 'hono/router/trie-router';
import { connectRemote } from '../../src/db/client.ts';
import { openGate } from '../../src/passwords/gate.ts';
import { portableBcrypt } from '../../src/passwords/portable.ts';
import { createFetchTransport } from '../../src/redis/fetch-transport.ts';
import { createUpstash } from '../../src/redis/upstash.ts';
import { seconds } from '../../src/time.ts';
import type { Runtime } from './runtime.ts';

export const workerd: Runtime = {
  name: 'workerd',
  platform: 'workers',
  sharesWork: false,
  bcrypt: portableBcrypt,
  gate: openGate,
  answer: async (app, request) => app.fetch(request),
  routing: () => ({ router: new TrieRouter() }),
  connectRest: (store) => createUpstash(store, createFetchTransport(store)),
  openEmbedded: null,
  async openDatabase(serverUrl) {
    const database = connectRemote({ url: serverUrl, timeout: seconds(10) });
    for (const table of ['users', 'link_tokens', 'mail_queue', 'events']) {
      await database.run((db) => db.run(sql`DELETE FROM ${sql.identifier(table)}`));
    }
    return database;
  },
};
