/** One structured line for each event. Fields never carry a secret: no token, hash or parameter. */
export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

type Fields = Record<string, unknown>;

/** Writes JSON, which escapes line breaks, to the console: a fault or a warning to stderr. */
export const consoleLog: Log = {
  info: (message, fields) => console.log(line('info', message, fields)),
  warn: (message, fields) => console.warn(line('warn', message, fields)),
  error: (message, fields) => console.error(line('error', message, fields)),
};

function line(level: string, message: string, fields: Fields = {}): string {
  const time = new Date().toISOString();
  return JSON.stringify({ time, level, message, ...fields }, (_key, value) =>
    value instanceof Error ? `${value.name}: ${value.message}` : value,
  );
}
