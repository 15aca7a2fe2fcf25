import { Fault } from '../errors.ts';
import type { Milliseconds } from '../time.ts';
import { isRead } from './commands.ts';
import type { RestTransport } from './upstash.ts';

/** So that one answer never grows beyond what a store gives at once. */
const MAX_BATCH = 64;

/** With one alone, the server and the store would wait for each other in turn. */
const UNDER_WAY = 2;

/** Commands wait for requests that are under way, to go out together with others, but no longer. */
const PATIENCE: Milliseconds = 2;

interface Asked {
  command: unknown;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/**
 * Sends what is asked for while requests are under way as one request (Upstash's `/pipeline`), for
 * it is the request and not the command that costs. Each command gets its own answer or its own
 * error. For a Node process: in workerd no request may wait for what another one sent.
 */
export function createBatching(transport: RestTransport): RestTransport {
  let asked: Asked[] = [];
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;
  let scheduled = false;

  /** Once what is asked for in this turn of the event loop is there. */
  function schedule() {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  function flush() {
    scheduled = false;
    clearTimeout(timer);
    timer = undefined;
    const all = asked;
    asked = [];
    // Apart, because only reads can be sent again on a connection that turns out to be closed.
    const reads = all.filter(({ command }) => isRead(command));
    const writes = all.filter(({ command }) => !isRead(command));
    for (const batch of [...batches(reads), ...batches(writes)]) void send(batch);
  }

  async function send(batch: Asked[]): Promise<void> {
    underWay += 1;
    try {
      const answers = await answersTo(batch.map(({ command }) => command));
      for (const [at, { resolve }] of batch.entries()) resolve(answers[at]);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      underWay -= 1;
      if (asked.length > 0) schedule();
    }
  }

  async function answersTo(commands: unknown[]): Promise<unknown[]> {
    if (commands.length === 1) return [await transport.post([], commands[0])];
    const answers = await transport.post(['pipeline'], commands);
    if (Array.isArray(answers) && answers.length === commands.length) return answers;
    throw new Fault('redis', 'an answer that is not understood');
  }

  return {
    post(path, command) {
      if (path.length > 0) return transport.post(path, command);
      return new Promise((resolve, reject) => {
        asked.push({ command, resolve, reject });
        if (underWay < UNDER_WAY) schedule();
        else timer ??= setTimeout(flush, PATIENCE);
      });
    },
    close: () => transport.close(),
  };
}

function* batches(all: Asked[]) {
  for (let from = 0; from < all.length; from += MAX_BATCH) yield all.slice(from, from + MAX_BATCH);
}
