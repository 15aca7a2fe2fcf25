import {
  type AnsweredRequest,
  createLog,
  type Line,
  type Log,
  type LogLevel,
  textOf,
} from '../../src/log.ts';

/** A log that writes nothing. */
export const silentLog: Log = createLog({ level: 'error', ...sinks(() => {}) });

/** A log whose lines a test reads as they are written. */
export function readLog(level: LogLevel = 'debug', terminal = false) {
  const lines: string[] = [];
  const log = createLog({ level, ...sinks((line) => lines.push(line), terminal) });
  return { log, lines };
}

function sinks(take: (line: string) => void, terminal = false) {
  const write = (line: Line) => take(textOf(line));
  return { out: { write, terminal }, err: { write, terminal } };
}

/** A log that keeps events and requests apart. */
export function recordingLog(events: string[], requests: AnsweredRequest[]): Log {
  const record =
    (level: string): Log['info'] =>
    (message, fields) =>
      void events.push(JSON.stringify({ level, message, ...fields, error: String(fields?.error) }));
  return {
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    request: (_level, answered) => void requests.push(answered),
    writes: () => true,
  };
}
