import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Milliseconds } from '../time.ts';

/** How long a client that still sends has to read its answer. */
const LINGER: Milliseconds = 1000;

/** Connections that an answer is closing. */
const closing = new WeakSet<object>();

/** Whether an answer of before closes the connection that a request came by. */
export const isClosing = ({ socket }: IncomingMessage): boolean => closing.has(socket);

/**
 * Ends the connection of a request whose answer leaves before its body has arrived: a refusal, such
 * as 413, 401 or 429. What is left of the body would stand before the next request on that
 * connection, which behind a proxy is somebody else's. Call this before the request is answered.
 */
export function closeWhenUnread(request: IncomingMessage, response: ServerResponse): void {
  if (!hasBody(request)) return;
  const { writeHead } = response;
  response.writeHead = function endingUnread(this: ServerResponse, ...head: unknown[]) {
    if (!request.complete) {
      response.setHeader('Connection', 'close');
      closing.add(request.socket);
      closeSlowly(request);
    }
    return (writeHead as (...head: unknown[]) => ServerResponse).apply(this, head);
  };
}

/** RFC 9112 section 6: the one or the other header says that there is a body. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Closes one side of the connection after the answer, and the other when the client has done so or
 * its time is over (RFC 9112 section 9.6). A client that still sends to a connection that is closed
 * gets a reset, and may lose the answer by it.
 */
function closeSlowly(request: IncomingMessage): void {
  const { socket } = request;
  // Node calls this when the answer has been handed over.
  socket.destroySoon = function closeSlowly() {
    socket.end();
    // Takes what still comes, and drops it.
    request.resume();
    setTimeout(() => socket.destroy(), LINGER).unref();
  };
}
