/** Who asks for work, by names: the client's network, and the account where there is one. */
export type Askers = readonly string[];

/** A concurrency limit: so much runs at once, so much waits, and the rest is turned away at once. */
export interface Gate {
  /**
   * Runs the work when its turn comes. Returns null, without having run it, if there was no place for
   * it or it lost its place to somebody else.
   */
  run<T>(work: () => Promise<T>, askers: Askers): Promise<T | null>;
}

interface Waiter {
  askers: Askers;
  /** Lets it run, or turns it away. */
  settle(admitted: boolean): void;
}

/**
 * The gate of a Node process, fair and never idle. An address or an account may hold more than a
 * quarter of the waiting places only until somebody else wants one, and who has least running goes
 * first; else one client with right passwords would leave no hash to others (ASVS 6.3.1). Not for
 * Workers: there no request may wait for what another settles.
 */
export function createGate({ concurrency, queue }: { concurrency: number; queue: number }): Gate {
  const running: Askers[] = [];
  const waiting: Waiter[] = [];
  const share = Math.max(1, Math.floor(queue / 4));

  return {
    async run(work, askers) {
      if (running.length < concurrency) running.push(askers);
      else if (!(await turnOf(askers))) return null;
      try {
        return await work();
      } finally {
        running.splice(running.indexOf(askers), 1);
        const next = leastServed();
        if (next) {
          // At once, so that nobody slips in between.
          waiting.splice(waiting.indexOf(next), 1);
          running.push(next.askers);
          next.settle(true);
        }
      }
    },
  };

  async function turnOf(askers: Askers): Promise<boolean> {
    if (waiting.length >= queue && !displaceFor(askers)) return false;
    return new Promise((settle) => waiting.push({ askers, settle }));
  }

  /**
   * Turns the newest waiter of whoever holds most places away, if they are more than a quarter of all
   * and more than the newcomer holds. Returns false if nobody holds so many.
   */
  function displaceFor(askers: Askers): boolean {
    const places = (name: string) => waiting.filter((one) => one.askers.includes(name)).length;
    const mostOf = (names: Askers) =>
      names.reduce((best, name) => (places(name) > places(best) ? name : best), '');
    const others = waiting.flatMap((one) => one.askers).filter((name) => !askers.includes(name));
    const most = mostOf(others);
    if (places(most) <= Math.max(share, places(mostOf(askers)))) return false;
    const newest = waiting.findLastIndex((one) => one.askers.includes(most));
    const [displaced] = waiting.splice(newest, 1);
    displaced?.settle(false);
    return true;
  }

  /** The waiter whose address and account have least running; of equal ones the one that waits longest. */
  function leastServed(): Waiter | undefined {
    const served = ({ askers }: Waiter) =>
      Math.max(...askers.map((name) => running.filter((other) => other.includes(name)).length), 0);
    return waiting.reduce<Waiter | undefined>(
      (best, waiter) => (best && served(best) <= served(waiter) ? best : waiter),
      undefined,
    );
  }
}

/** A gate without limits: Workers, where the platform spreads the load. */
export const openGate: Gate = { run: (work) => work() };
