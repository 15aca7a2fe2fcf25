import type { Log } from '../log.ts';
import type { Services } from '../services.ts';
import { type Milliseconds, minutes, seconds } from '../time.ts';

/** Mail that failed or was put in by another process is looked for so often. */
const MAIL: Milliseconds = seconds(10);
const PRUNE: Milliseconds = minutes(30);

/** What a Node process does beside answering. `stop` resolves when nothing of it runs any more. */
export function startChores({
  delivery,
  prune,
  log,
}: Pick<Services, 'delivery' | 'prune' | 'log'>): { stop(): Promise<void> } {
  const chores = [every(PRUNE, 'pruning', prune, log)];
  if (delivery) chores.push(every(MAIL, 'sending mail', delivery.run, log));
  return {
    async stop() {
      await Promise.all(chores.map((chore) => chore.stop()));
    },
  };
}

/** At once, and then so long after each end. */
function every(pause: Milliseconds, name: string, work: () => Promise<void>, log: Log) {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running = run();

  async function run(): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.warn(`${name} failed`, { error });
    }
    if (!stopped) {
      timer = setTimeout(() => {
        running = run();
      }, pause).unref();
    }
  }

  return {
    stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}

/** Work that no answer waits for, so that the process can wait for it before it ends. */
export function createKeeper() {
  const kept = new Set<Promise<void>>();
  return {
    keepAlive(work: () => Promise<void>): void {
      const running = work().finally(() => kept.delete(running));
      kept.add(running);
    },
    async drain(): Promise<void> {
      while (kept.size > 0) await Promise.all(kept);
    },
  };
}
