import { createClient, ErrorReply } from '@redis/client';
import { Fault } from '../errors.ts';
import { type Milliseconds, seconds } from '../time.ts';
import type { RedisClient } from './client.ts';
import { createRedisClient, isRead } from './commands.ts';
import { createDeadlines } from './deadlines.ts';
import { joinReads } from './joint-reads.ts';

export interface TcpStore {
  /** `redis://` or `rediss://`, with user, password and database number where there are. */
  url: string;
  /** Limit of one command, connecting included. */
  timeout?: Milliseconds;
}

interface Connection {
  client: { sendCommand(command: string[]): Promise<unknown>; destroy(): void };
  ready: Promise<unknown>;
  /** It has answered before, so it may have been closed since. */
  used: boolean;
}

/**
 * The port over TCP to any Redis or Valkey. All commands share one connection, where they are
 * pipelined, and reads of one turn are one command; a connection that breaks or hangs is dropped, and
 * the next command makes another.
 */
export function createTcp({ url, timeout = seconds(1) }: TcpStore): RedisClient {
  const deadlines = createDeadlines(timeout);
  let connection: Connection | null = null;
  let closed = false;

  function connect(): Connection {
    const client = createClient({
      url,
      // Answers are those of the REST dialect.
      RESP: 2,
      disableOfflineQueue: true,
      // It would make a timer for each command.
      commandOptions: { timeout: 0 },
      socket: { connectTimeout: timeout, reconnectStrategy: false },
    });
    const made: Connection = { client, ready: client.connect(), used: false };
    // Also when nobody is using it: a server or a proxy on the way may close what is idle.
    client.on('error', () => drop(made));
    client.on('end', () => drop(made));
    return made;
  }

  async function send(command: string[]): Promise<unknown> {
    if (closed) throw new Fault('redis', 'closed');
    connection ??= connect();
    const used = connection;
    const stale = used.used && isRead(command);
    try {
      const answer = used.used
        ? used.client.sendCommand(command)
        : used.ready.then(() => used.client.sendCommand(command));
      const result = await deadlines.limit(answer);
      used.used = true;
      return result;
    } catch (error) {
      // An error that Redis itself answered says nothing about the connection.
      if (error instanceof ErrorReply) throw error;
      drop(used);
      // It may have been closed while it was idle. A write may have been carried out.
      if (stale && !(error instanceof Fault)) return send(command);
      throw error;
    }
  }

  function drop(broken: Connection) {
    if (connection === broken) connection = null;
    // One that never stood, or broke by itself, needs no ending.
    broken.ready.then(() => broken.client.destroy()).catch(() => {});
  }

  const redis = createRedisClient(
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
      deadlines.stop();
      if (connection) drop(connection);
    },
  );
  // Nothing waits for what is under way: a command more costs little on a connection that is there.
  return joinReads(redis, Number.POSITIVE_INFINITY);
}
