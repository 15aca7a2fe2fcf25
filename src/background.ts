import type { Log } from './log.ts';

/**
 * Work that no answer waits for. On Workers the platform keeps the request's context alive for it,
 * on Node the process does before it ends. What fails is logged, and is somebody's next try.
 */
export type Background = (name: string, work: () => Promise<unknown>) => void;

/** Starts work, and sees to it that it is not cut off. */
export type KeepAlive = (work: () => Promise<void>) => void;

export function createBackground(keepAlive: KeepAlive, log: Log): Background {
  return function background(name, work) {
    keepAlive(async () => {
      try {
        await work();
      } catch (error) {
        log.warn(`${name} failed`, { error });
      }
    });
  };
}
