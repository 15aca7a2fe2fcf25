import { performance } from 'node:perf_hooks';

export type Fetch<E> = (request: Request, env: E) => Response | Promise<Response>;

/**
 * Answers that waited for nothing leave together, at the end of the turn of the event loop in which
 * they were made, as Redis sends its own: a write may have to wake whoever reads it, which takes as
 * long as the answer itself. One that waited for a store comes with others of that store's answer,
 * and leaves at once. On runtimes that don't count turns (Bun, Deno) every answer leaves at once.
 *
 * @param turn Counts how often the event loop went round.
 */
export function together<E>(fetch: Fetch<E>, turn = turnCounter()): Fetch<E> {
  if (turn === null) return fetch;
  let end: Promise<void> | null = null;

  function endOfTurn(): Promise<void> {
    end ??= new Promise((resolve) => {
      setImmediate(() => {
        end = null;
        resolve();
      });
    });
    return end;
  }

  return async (request, env) => {
    const asked = turn();
    const answer = await fetch(request, env);
    if (turn() === asked) await endOfTurn();
    return answer;
  };
}

/** Returns null on Bun and Deno, whose `performance.nodeTiming` lacks the counter. */
function turnCounter(): (() => number) | null {
  const { nodeTiming } = performance;
  const counted = typeof nodeTiming?.uvMetricsInfo?.loopCount === 'number';
  return counted ? () => nodeTiming.uvMetricsInfo.loopCount : null;
}
