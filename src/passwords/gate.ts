/** Lets so many run at once and so many wait; turns away the rest at once. */
export interface Gate {
  /** null: no place, nothing was run. */
  run<T>(work: () => Promise<T>): Promise<T | null>;
}

/**
 * The gate of a Node process. Not for Workers: there no request may wait for what another settles.
 */
export function createGate({ concurrency, queue }: { concurrency: number; queue: number }): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];

  return {
    async run(work) {
      if (running < concurrency) running += 1;
      else if (waiting.length >= queue) return null;
      // Whoever finishes hands its place over, so nobody can slip in between.
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}

/** A gate without limits: Workers, where the platform spreads the load. */
export const openGate: Gate = { run: (work) => work() };
