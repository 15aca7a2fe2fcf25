import { createLog, type Log, type LogLevel, textOf } from '../log.ts';
import { gatheredOutput } from './output.ts';

/** The log of a Node process. What was done is written soon, a warning or an error at once. */
export function openLog(level: LogLevel, process: NodeJS.Process): Log {
  const { stdout, stderr } = process;
  const gathered = gatheredOutput(stdout);
  process.on('exit', gathered.flush);
  return createLog({
    level,
    out: { write: gathered.write, terminal: stdout.isTTY === true },
    err: {
      write(line) {
        // What came before it is to be read before it.
        gathered.flush();
        console.error(textOf(line));
      },
      terminal: stderr.isTTY === true,
    },
  });
}
