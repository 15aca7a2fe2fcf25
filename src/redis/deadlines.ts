import { Fault } from '../errors.ts';
import type { Milliseconds } from '../time.ts';

interface Waiting {
  since: Milliseconds;
  reject(fault: Fault): void;
}

export interface Deadlines {
  /** Answers as the promise does, or rejects with a `Fault` when that takes too long. */
  limit<T>(answer: Promise<T>): Promise<T>;
  /** Lets go of the timer. */
  stop(): void;
}

/**
 * One limit for many answers, looked at by one timer: a timer for each costs as much as a command.
 * So an answer may be late by a tenth before it is given up.
 */
export function createDeadlines(timeout: Milliseconds): Deadlines {
  /** The oldest first, because sets keep their order. */
  const waiting = new Set<Waiting>();

  function expire() {
    const now = performance.now();
    for (const one of waiting) {
      if (now - one.since < timeout) return;
      waiting.delete(one);
      one.reject(new Fault('redis', 'no answer in time'));
    }
  }
  const timer = setInterval(expire, timeout / 10);
  timer.unref();

  return {
    limit(answer) {
      return new Promise((resolve, reject) => {
        const one = { since: performance.now(), reject };
        waiting.add(one);
        answer.then(
          (value) => {
            waiting.delete(one);
            resolve(value);
          },
          (error) => {
            waiting.delete(one);
            reject(error);
          },
        );
      });
    },
    stop: () => clearInterval(timer),
  };
}
