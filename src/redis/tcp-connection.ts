import { createClient } from '@redis/client';
import type { Milliseconds } from '../time.ts';

/** One connection to a Redis, from the first packet on. */
export interface TcpConnection {
  /** Settles when it can be used, or never will be. */
  ready: Promise<unknown>;
  /** It has answered before, so it may have been closed since. */
  used: boolean;
  /** Sends a command as soon as the connection stands. */
  send(command: string[]): Promise<unknown>;
  /** Takes no more commands, and ends when those are answered that are under way. */
  retire(): void;
  /** Ends it at once, also while it is being made. */
  destroy(): void;
}

/** `onEnd`: it broke or was closed. Called at least once, at the latest by `destroy`. */
export function openConnection(
  url: string,
  timeout: Milliseconds,
  onEnd: (connection: TcpConnection) => void,
): TcpConnection {
  const client = createClient({
    url,
    // Answers are those of the REST dialect.
    RESP: 2,
    disableOfflineQueue: true,
    // It would make a timer for each command.
    commandOptions: { timeout: 0 },
    socket: { connectTimeout: timeout, reconnectStrategy: false },
  });
  let destroyed = false;
  let retired = false;
  let underWay = 0;

  const connection: TcpConnection = {
    ready: client.connect(),
    used: false,
    async send(command) {
      underWay += 1;
      try {
        // Without a turn in between where it stands, so that commands keep their order.
        const answer = connection.used
          ? client.sendCommand(command)
          : connection.ready.then(() => client.sendCommand(command));
        const result = await answer;
        connection.used = true;
        return result;
      } finally {
        underWay -= 1;
        if (retired && underWay === 0) connection.destroy();
      }
    },
    retire() {
      retired = true;
      if (underWay === 0) connection.destroy();
    },
    destroy() {
      destroyed = true;
      client.destroy();
      onEnd(connection);
    },
  };
  // Also when nobody is using it: a server or a proxy on the way may close what is idle.
  client.on('error', () => onEnd(connection));
  client.on('end', () => onEnd(connection));
  // The client does not know a socket that is still being opened, and would keep it.
  client.on('connect', () => {
    if (destroyed) client.destroy();
  });
  connection.ready.then(
    () => destroyed && client.destroy(),
    () => {},
  );
  return connection;
}
