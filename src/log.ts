import type { Milliseconds } from './time.ts';

/** From the fewest lines to the most. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One structured line for each event. Fields never carry a secret: no token, hash or parameter. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The line of a request that was answered. */
  request(level: 'info' | 'debug', answered: AnsweredRequest): void;
  /** Whether lines of a level are written. */
  writes(level: LogLevel): boolean;
}

type Fields = Record<string, unknown>;

/** What is told of a request: no path, query, header or body, because secrets stand in all four. */
export interface AnsweredRequest {
  requestId: string;
  method: string;
  /** The pattern of the route, such as `/auth/sessions/:id`. */
  route: string;
  status: number;
  /** Milliseconds. */
  duration: number;
  /** Redis commands. */
  redis: number;
  /** SQL statements. */
  sql: number;
}

/** A line without its end, or what puts it together once it is written. */
export type Line = string | (() => string);

/** Where lines go. */
export interface Sink {
  write(line: Line): void;
  /** People read it as it is written: lines are short and not JSON. */
  terminal: boolean;
}

export interface LogParts {
  level: LogLevel;
  /** For what was done. */
  out: Sink;
  /** For warnings and errors. */
  err: Sink;
}

export function createLog({ level: most, out, err }: LogParts): Log {
  const writes = (level: LogLevel) => LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(most);
  const event = (level: LogLevel, sink: Sink): Log['info'] => {
    if (!writes(level)) return () => {};
    const text = sink.terminal ? readable : structured;
    return (message, fields = {}) => sink.write(text(level, message, told(fields)));
  };
  return {
    debug: event('debug', out),
    info: event('info', out),
    warn: event('warn', err),
    error: event('error', err),
    request(level, answered) {
      if (!writes(level)) return;
      const text = out.terminal ? readableRequest : structuredRequest;
      const now = Date.now();
      out.write(() => text(answered, level, now));
    },
    writes,
  };
}

/** The text of a line, put together now where it is not yet. */
export const textOf = (line: Line): string => (typeof line === 'string' ? line : line());

/** The console of the platform: what Workers have. */
export function consoleLog(level: LogLevel): Log {
  return createLog({
    level,
    out: { write: (line) => console.log(textOf(line)), terminal: false },
    err: { write: (line) => console.error(textOf(line)), terminal: false },
  });
}

/**
 * JSON escapes line breaks; some readers take these for one too, terminals obey the controls, and the
 * others are not seen or turn the direction of what follows.
 */
const UNESCAPED = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

const json = (value: unknown) =>
  JSON.stringify(value).replace(
    UNESCAPED,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const structured = (level: LogLevel, message: string, fields: Fields) =>
  json({ time: iso(Date.now()), level, message, ...fields });

const readable = (level: LogLevel, message: string, fields: Fields) =>
  `${timeOfDay(Date.now())} ${level}: ${message} ${json(fields)}`;

/** Put together by hand, because it is made for every request: half the time of `JSON.stringify`. */
function structuredRequest(answered: AnsweredRequest, level: LogLevel, at: Milliseconds): string {
  const { requestId, method, route, status, duration, redis, sql } = answered;
  return `{"time":"${iso(at)}","level":"${level}","message":"request","requestId":"${requestId}","method":"${method}","route":"${route}","status":${status},"duration":${duration.toFixed(1)},"redis":${redis},"sql":${sql}}`;
}

function readableRequest(answered: AnsweredRequest, _level: LogLevel, at: Milliseconds): string {
  const { method, route, status, duration, redis, sql } = answered;
  return `${timeOfDay(at)} ${method} ${route} ${status} ${duration.toFixed(1)} ms, redis ${redis}, sql ${sql}`;
}

const iso = (at: Milliseconds) => new Date(at).toISOString();

const timeOfDay = (at: Milliseconds) => iso(at).slice(11, 19);

/** Errors as text. */
function told(fields: Fields): Fields {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value instanceof Error ? described(value) : value]),
  );
}

/** That of a parser quotes what it read, so of it only the name is told. */
const described = (error: Error) =>
  error instanceof SyntaxError ? error.name : `${error.name}: ${error.message}`;
