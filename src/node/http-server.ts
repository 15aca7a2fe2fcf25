import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { type Milliseconds, seconds } from '../time.ts';
import type { Fetch } from './turns.ts';
import { closeWhenUnread, isClosing } from './unread-bodies.ts';

/** Node's own limits for the headers of a request and for a whole request. */
const HEADERS = seconds(60);
const REQUEST = seconds(300);

/**
 * The HTTP server of a Node process; it does not listen yet.
 *
 * @param answer What answers a request.
 * @param keepAlive How long an idle connection is kept. Where a proxy keeps its connections longer
 * than this, it may send a request just as the connection is closed, and then answers 502.
 */
export function createHttpServer(answer: Fetch<HttpBindings>, keepAlive: Milliseconds): Server {
  // A connection that a proxy opens ahead of its first request is idle as well.
  const headersTimeout = Math.max(HEADERS, keepAlive + seconds(1));
  const listener = getRequestListener(
    (request, bindings) => answer(request, bindings as HttpBindings),
    // What a request without `Host` is for: health checks speak HTTP/1.0, which has no such header.
    { hostname: 'localhost' },
  );
  const limits = {
    keepAliveTimeout: keepAlive,
    headersTimeout,
    requestTimeout: Math.max(REQUEST, headersTimeout),
    // Checked here, so that this refusal has a request id too.
    requireHostHeader: false,
  };
  return createServer(limits, (request, response) => {
    // RFC 9112 section 9.6: what comes after an answer that closes the connection is no request.
    if (isClosing(request)) {
      request.resume();
      return;
    }
    closeWhenUnread(request, response);
    if (lacksHost(request)) return refuseWithoutHost(response);
    // `OPTIONS *` is about the server as a whole (RFC 9110 section 9.3.7); some health checks ask so.
    if (request.method === 'OPTIONS' && request.url === '*') request.url = '/';
    return listener(request, response);
  });
}

/** RFC 9112 section 3.2: since HTTP/1.1 a request without `Host` is refused. */
const lacksHost = ({ httpVersion, headers }: IncomingMessage): boolean =>
  httpVersion !== '1.0' && headers.host === undefined;

function refuseWithoutHost(response: ServerResponse): void {
  response.setHeader('X-Request-Id', crypto.randomUUID());
  response.setHeader('Connection', 'close');
  response.writeHead(400, { 'Content-Type': 'text/plain' });
  response.end('The Host header is missing.\n');
}
