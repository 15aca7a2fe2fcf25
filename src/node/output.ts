import type { Writable } from 'node:stream';
import type { Milliseconds } from '../time.ts';

/** A line waits so long for others, because at high load each write costs more than its line. */
const GATHER: Milliseconds = 10;
/** Characters that wait for no more. */
const FULL = 65_536;

export interface GatheredOutput {
  /** Takes a line without its end. */
  write(line: string): void;
  /** Hands over at once what waits. */
  flush(): void;
}

/**
 * Lines for a stream, several to a write. Whoever ends the process flushes: in its `exit` event, in
 * which the output streams of a process still write at once.
 */
export function gatheredOutput(stream: Pick<Writable, 'write' | 'on'>): GatheredOutput {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  // A reader of the log that went away is no reason to stop serving.
  stream.on('error', () => {});

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '') return;
    const lines = waiting;
    waiting = '';
    stream.write(lines);
  }

  return {
    write(line) {
      waiting += `${line}\n`;
      if (waiting.length >= FULL) flush();
      else timer ??= setTimeout(flush, GATHER);
    },
    flush,
  };
}
