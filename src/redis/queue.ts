import type { Milliseconds } from '../time.ts';

/** So that one answer never grows beyond what a store gives at once. */
const MAX_TOGETHER = 64;

/** HTTP requests; with fewer, the server and the store would wait for each other in turn. */
const UNDER_WAY = 3;

/** What is asked for waits for requests that are under way, to go out with others, but no longer. */
const PATIENCE: Milliseconds = 2;

/**
 * Sends together what is asked for in one turn of the event loop, and while `most` requests are under
 * way: it is the request that costs. `send` sees to all that it is given, and never rejects. For a
 * Node process: in workerd no request may wait for what another one sent.
 */
export function createQueue<T>(
  send: (together: T[]) => Promise<void>,
  most = UNDER_WAY,
): (one: T) => void {
  let waiting: T[] = [];
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
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += MAX_TOGETHER) {
      void hand(all.slice(from, from + MAX_TOGETHER));
    }
  }

  async function hand(together: T[]): Promise<void> {
    underWay += 1;
    await send(together);
    underWay -= 1;
    if (waiting.length > 0) schedule();
  }

  return (one) => {
    waiting.push(one);
    if (underWay < most) schedule();
    else timer ??= setTimeout(flush, PATIENCE);
  };
}
