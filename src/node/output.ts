import type { Writable } from 'node:stream';
import { type Line, textOf } from '../log.ts';
import type { Milliseconds } from '../time.ts';

/** A line waits so long for others, because at high load each write costs more than its line. */
const GATHER: Milliseconds = 10;
/** So many lines wait for no more. */
const FULL = 500;

export interface GatheredOutput {
  write(line: Line): void;
  /** Hands over at once what waits. */
  flush(): void;
}

/**
 * Lines for a stream, several to a write, and put together one after the other: between requests
 * each costs several times as much. Whoever ends the process flushes: in its `exit` event, in
 * which the output streams of a process still write at once.
 */
export function gatheredOutput(stream: Pick<Writable, 'write' | 'on'>): GatheredOutput {
  let waiting: Line[] = [];
  let timer: NodeJS.Timeout | undefined;
  // A reader of the log that went away is no reason to stop serving.
  stream.on('error', () => {});

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    stream.write(`${lines.map(textOf).join('\n')}\n`);
  }

  return {
    write(line) {
      waiting.push(line);
      if (waiting.length >= FULL) flush();
      else timer ??= setTimeout(flush, GATHER);
    },
    flush,
  };
}
