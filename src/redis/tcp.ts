import { createClient, ErrorReply } from '@redis/client';
import { Fault } from '../errors.ts';
import { type Milliseconds, seconds } from '../time.ts';
import type { RedisClient } from './client.ts';
import { createRedisClient } from './commands.ts';

export interface TcpStore {
  /** `redis://` or `rediss://`, with user, password and database number where there are. */
  url: string;
  /** Limit of one command, connecting included. */
  timeout?: Milliseconds;
}

/**
 * The port over TCP to any Redis or Valkey. All commands share one connection, where they are
 * pipelined; one that breaks or hangs is dropped, and the next command makes another.
 */
export function createTcp({ url, timeout = seconds(1) }: TcpStore): RedisClient {
  let connection: ReturnType<typeof connect> | null = null;
  let closed = false;

  async function connect() {
    const client = createClient({
      url,
      // Answers are those of the REST dialect.
      RESP: 2,
      disableOfflineQueue: true,
      socket: { connectTimeout: timeout, reconnectStrategy: false },
    });
    // Each command says for itself that it failed.
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async function send(command: string[]): Promise<unknown> {
    if (closed) throw new Fault('redis', 'closed');
    connection ??= connect();
    const used = connection;
    try {
      return await limited(used.then((client) => client.sendCommand(command)));
    } catch (error) {
      // An error that Redis itself answered says nothing about the connection.
      if (!(error instanceof ErrorReply)) drop(used);
      throw error;
    }
  }

  function drop(broken: ReturnType<typeof connect>) {
    if (connection === broken) connection = null;
    // One that never stood, or broke by itself, needs no ending.
    broken.then((client) => client.destroy()).catch(() => {});
  }

  async function limited<T>(answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Fault('redis', 'no answer in time')), timeout);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  return createRedisClient(
    {
      mget: (keys) => send(['MGET', ...keys]),
      set: (key, value, { px, nx }) =>
        send(['SET', key, value, 'PX', String(px), ...(nx ? ['NX'] : [])]),
      del: (keys) => send(['DEL', ...keys]),
      evaluate: (script, keys, args) =>
        send(['EVAL', script, String(keys.length), ...keys, ...args]),
      ping: () => send(['PING']),
    },
    () => {
      closed = true;
      if (connection) drop(connection);
    },
  );
}
