import { type Milliseconds, seconds } from '../time.ts';

/**
 * Lets the writers of one key go one after the other, and tells each what the one before it has
 * done, so that twenty requests at once cost a write each instead of many that lose against each other.
 *
 * @param work Gets the outcome of the writer before, or null if it waited for none.
 */
export type InTurn = <T>(key: string, work: (previous: T | null) => Promise<T>) => Promise<T>;

/**
 * The turns of a Node process. Not for Workers: there no request may wait for what another settles.
 *
 * @param longestWait A writer waits no longer: turns save work, and the store decides who wins.
 */
export function createWriteTurns(longestWait: Milliseconds = seconds(1)): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async function inTurn<T>(key: string, work: (previous: T | null) => Promise<T>) {
    const before = last.get(key) as Promise<T> | undefined;
    const turn = (before ? outcomeOf(before, longestWait) : Promise.resolve(null)).then(work);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}

/** Every writer at once: Workers, where isolates don't know of each other anyway. */
export const atOnce: InTurn = (_key, work) => work(null);

async function outcomeOf<T>(writer: Promise<T>, longestWait: Milliseconds): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, longestWait, null);
  });
  try {
    return await Promise.race([writer.catch(() => null), patience]);
  } finally {
    clearTimeout(timer);
  }
}
