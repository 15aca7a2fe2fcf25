/** A code of the system, of SQLite, of TLS or of a library: no message, and nothing that was sent. */
const CODE = /^[A-Z][A-Z0-9_]{2,60}$/;
/** Such as `TimeoutError`. */
const NAME = /^[A-Z][A-Za-z]{2,40}$/;
/** Names that say nothing more than that something went wrong. */
const EMPTY_NAMES = new Set(['Error', 'TypeError', 'DrizzleQueryError', 'AggregateError']);

interface Coded {
  /** More exact than `code`, where a driver knows both: `SQLITE_BUSY_SNAPSHOT`. */
  extendedCode?: unknown;
  code?: unknown;
  /** HTTP. */
  status?: unknown;
  cause?: unknown;
}

/**
 * Says why a part did not do what was asked, in words that may stand in a log: codes, the status of
 * an HTTP answer, names of errors. Never a message, because drivers put commands, parameters and
 * answers of their peers into theirs.
 */
export function reasonOf(error: unknown): string {
  const words = [...wordsOf(error)];
  const telling = words.filter((word) => !EMPTY_NAMES.has(word));
  return [...new Set(telling.length > 0 ? telling : words)].join(', ') || 'no answer';
}

/** The words of an error and of what caused it, outermost first. */
function* wordsOf(error: unknown, depth = 0): Generator<string> {
  if (!(error instanceof Error) || depth > 5) return;
  const { extendedCode, code, status, cause } = error as Coded;
  // The code of a `DOMException` is a number that nobody knows by heart.
  if (error.name === 'TimeoutError') yield 'no answer in time';
  else if (isCode(extendedCode)) yield extendedCode;
  else if (isCode(code)) yield code;
  else if (NAME.test(error.name)) yield error.name;
  if (Number.isInteger(status)) yield `HTTP status ${status}`;
  yield* wordsOf(cause, depth + 1);
}

const isCode = (value: unknown): value is string => typeof value === 'string' && CODE.test(value);
