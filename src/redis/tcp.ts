import { ErrorReply } from '@redis/client';
import { Fault } from '../errors.ts';
import { type Milliseconds, seconds } from '../time.ts';
import type { RedisClient } from './client.ts';
import { createRedisClient, isRead } from './commands.ts';
import { createDeadlines } from './deadlines.ts';
import { joinReads } from './joint-reads.ts';
import { isElsewhere } from './refusals.ts';
import { openConnection, type TcpConnection } from './tcp-connection.ts';

export interface TcpStore {
  /** `redis://` or `rediss://`, with user, password and database number where there are. */
  url: string;
  /** Limit of one command, connecting included. */
  timeout?: Milliseconds;
}

/** Between two connections to a server that refuses, doubled each time. */
const FIRST_PAUSE: Milliseconds = 25;
const LONGEST_PAUSE: Milliseconds = seconds(1);
/** After so long without a refusal the next connection is made at once. */
const FORGIVEN: Milliseconds = seconds(5);

/**
 * The port over TCP to any Redis or Valkey. All commands share one connection, where they are
 * pipelined, and reads of one turn are one command; a connection that breaks or hangs is dropped, and
 * the next command makes another. A server that says that it is not the one to ask (a demoted primary
 * says `READONLY`) is left for a new connection, which may lead to another server by now; until that
 * stands, reads go on over the old one. At most two connections are being opened at a time.
 */
export function createTcp({ url, timeout = seconds(1) }: TcpStore): RedisClient {
  const deadlines = createDeadlines(timeout);
  const open = new Set<TcpConnection>();
  let connection: TcpConnection | null = null;
  let closed = false;

  function connect(): TcpConnection {
    const made = openConnection(url, timeout, (ended) => {
      open.delete(ended);
      if (connection === ended) connection = null;
    });
    open.add(made);
    return made;
  }

  async function send(command: string[], again = false): Promise<unknown> {
    if (closed) throw new Fault('redis', 'closed');
    connection ??= connect();
    const asked = connection;
    const stale = asked.used && isRead(command);
    try {
      return await deadlines.limit(asked.send(command));
    } catch (error) {
      // An error that Redis itself answered says nothing about the connection.
      if (error instanceof ErrorReply) {
        if (!isElsewhere(error.message)) throw error;
        const replaced = await replace(asked);
        if (again || !replaced) throw error;
        // It said that it carried out nothing, so a write may be sent again.
        return send(command, true);
      }
      asked.destroy();
      // It may have been closed while it was idle. A write may have been carried out.
      if (stale && !again && !(error instanceof Fault)) return send(command, true);
      // The client's own errors have neither a code nor a name.
      throw error instanceof Fault || 'code' in (error as Error)
        ? error
        : new Fault('redis', 'connection closed');
    }
  }

  let replacing: Promise<void> | null = null;
  let pausing = false;
  let replacedAt = Number.NEGATIVE_INFINITY;
  let refusals = 0;

  /**
   * Makes a connection in place of one whose server refuses, at once or after a growing pause, which
   * no command waits for. Resolves with whether there is another connection to ask.
   */
  async function replace(refusing: TcpConnection): Promise<boolean> {
    if (connection === refusing) {
      replacing ??= makeAnother(refusing).finally(() => {
        replacing = null;
      });
      if (!pausing) await replacing;
    }
    return connection !== refusing && connection !== null;
  }

  async function makeAnother(refusing: TcpConnection): Promise<void> {
    const since = performance.now() - replacedAt;
    if (since > FORGIVEN) refusals = 0;
    const pause = refusals === 0 ? 0 : Math.min(FIRST_PAUSE * 2 ** refusals, LONGEST_PAUSE) - since;
    refusals += 1;
    if (pause > 0) {
      pausing = true;
      await new Promise((resolve) => setTimeout(resolve, pause).unref());
      pausing = false;
    }
    replacedAt = performance.now();
    if (closed) return;
    const made = connect();
    try {
      await deadlines.limit(made.ready);
      if (closed) return;
      connection = made;
      refusing.retire();
    } catch {
      // Nobody else is there yet. The one that refuses writes may still be read.
      made.destroy();
    }
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
      for (const one of open) one.destroy();
    },
  );
  // Nothing waits for what is under way: a command more costs little on a connection that is there.
  return joinReads(redis, Number.POSITIVE_INFINITY);
}
