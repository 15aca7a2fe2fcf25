import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** How a server answers its nth request. */
export type Handler = (response: http.ServerResponse, body: string, nth: number) => void;

export const TOKEN = 'secret-token';

/** Limit of one command where the store hangs, ms. Elsewhere a slow machine is no fault. */
export const TIMEOUT = 150;

/** A server that answers as the test says, and keeps account of what arrives. */
export async function serve(handler: Handler) {
  const seen = { requests: 0, connections: 0 };
  const server = http.createServer(async (request, response) => {
    seen.requests += 1;
    const nth = seen.requests;
    let body = '';
    for await (const chunk of request) body += chunk;
    handler(response, body, nth);
  });
  server.on('connection', () => {
    seen.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(async () => void (await close()));
  const { port } = server.address() as AddressInfo;
  const connections = () =>
    new Promise((resolve) => server.getConnections((_, open) => resolve(open)));
  return {
    seen,
    close,
    connections,
    store: { url: `http://127.0.0.1:${port}`, token: TOKEN, timeout: 10_000 },
  };
}

export const answers =
  (body: string, status = 200, type = 'application/json'): Handler =>
  (response) =>
    response.writeHead(status, { 'content-type': type }).end(body);

/** The ways a store keeps a caller waiting. */
export const HANGS: Record<string, Handler> = {
  'does not answer': () => {},
  'stops after the headers': (response) => response.writeHead(200).flushHeaders(),
  'stops in the middle of the body': (response) => response.writeHead(200).write('{"result":'),
};

/** The other ways a store fails that a caller must never take for an answer. */
export const FAULTS: Record<string, Handler> = {
  'closes the connection instead of answering': (response) => response.destroy(),
  'cuts the body short': (response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"result":1', () => {
      response.destroy();
    });
  },
  'answers 500': answers('{"error":"ERR internal"}', 500),
  'answers 500 with a result': answers('{"result":1}', 500),
  'answers 429': answers('{"error":"ERR max requests limit exceeded"}', 429),
  'answers 401': answers('{"error":"Unauthorized"}', 401),
  'answers 201 with an empty body': answers('', 201),
  'sends callers elsewhere': (response) => response.writeHead(307, { location: '/other' }).end(),
  'repeats the command in its error': (response, body) =>
    answers(JSON.stringify({ error: `ERR in ${body}, token ${TOKEN}` }), 400)(response, body, 0),
  'repeats the command in an error with status 200': (response, body) =>
    answers(JSON.stringify({ error: `ERR in ${body}, token ${TOKEN}` }))(response, body, 0),
  'answers HTML with status 200': answers('<!doctype html><p>Log in', 200, 'text/html'),
  'answers nothing with status 200': answers(''),
  ...Object.fromEntries(
    [
      ...['{}', '[]', 'null', '1', '"OK"', '[{"result":1}]', '{"result":{"a":1}}'],
      ...['{"result":[false]}', '{"result":[{}]}', '{"result":[null,null]}'],
      ...['{"result":""}', '{"result":"ok"}', '{"result":true}', '{"result":[1,"2"]}'],
    ].map((body) => [`answers ${body}`, answers(body)]),
  ),
};
