import { Fault } from '../errors.ts';
import { isRead } from './commands.ts';
import type { RestTransport } from './upstash.ts';

/** So that one answer never grows beyond what a store gives at once. */
const MAX_BATCH = 64;

interface Asked {
  command: unknown;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/**
 * Sends what is asked for in one turn of the event loop as one request (Upstash's `/pipeline`), for
 * it is the request and not the command that costs. Nothing waits for an answer to something else.
 * Each command gets its own answer or its own error. For a Node process: in workerd no request may
 * wait for what another one sent.
 */
export function createBatching(transport: RestTransport): RestTransport {
  let asked: Asked[] = [];

  function flush() {
    const all = asked;
    asked = [];
    // Apart, because only reads can be sent again on a connection that turns out to be closed.
    const reads = all.filter(({ command }) => isRead(command));
    const writes = all.filter(({ command }) => !isRead(command));
    for (const batch of [...batches(reads), ...batches(writes)]) void send(batch);
  }

  function* batches(all: Asked[]) {
    for (let from = 0; from < all.length; from += MAX_BATCH)
      yield all.slice(from, from + MAX_BATCH);
  }

  async function send(batch: Asked[]): Promise<void> {
    const [one, ...others] = batch;
    try {
      if (one && others.length === 0) return one.resolve(await transport.post([], one.command));
      const commands = batch.map(({ command }) => command);
      const answers = await transport.post(['pipeline'], commands);
      if (!Array.isArray(answers) || answers.length !== batch.length) {
        throw new Fault('redis', 'an answer that is not understood');
      }
      for (const [at, { resolve }] of batch.entries()) resolve(answers[at]);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    post(path, command) {
      if (path.length > 0) return transport.post(path, command);
      return new Promise((resolve, reject) => {
        if (asked.push({ command, resolve, reject }) === 1) setImmediate(flush);
      });
    },
    close: () => transport.close(),
  };
}
