import { Fault } from '../errors.ts';
import { isRead } from './commands.ts';
import { createQueue } from './queue.ts';
import type { RestTransport } from './rest-transport.ts';

interface Asked {
  command: unknown;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/**
 * Sends commands that are asked for at once as one request (Upstash's `/pipeline`). Each gets its
 * own answer or its own error. Reads go alone, because only they can be sent again on a connection
 * that turns out to be closed.
 */
export function createBatching(transport: RestTransport): RestTransport {
  const enqueue = createQueue<Asked>(async (batch) => {
    try {
      const answers = await answersTo(batch.map(({ command }) => command));
      for (const [at, { resolve }] of batch.entries()) resolve(answers[at]);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  });

  async function answersTo(commands: unknown[]): Promise<unknown[]> {
    if (commands.length === 1) return [await transport.post([], commands[0])];
    const answers = await transport.post(['pipeline'], commands);
    if (Array.isArray(answers) && answers.length === commands.length) return answers;
    throw new Fault('redis', 'an answer that is not understood');
  }

  return {
    post(path, command) {
      if (path.length > 0 || isRead(command)) return transport.post(path, command);
      return new Promise((resolve, reject) => enqueue({ command, resolve, reject }));
    },
    close: () => transport.close(),
  };
}
