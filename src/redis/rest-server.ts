import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Carries out raw Redis commands; rejects with the error a Redis would answer. */
export interface CommandExecutor {
  execute(command: string[]): Promise<unknown>;
  /** Several commands with nothing in between. */
  transaction(commands: string[][]): Promise<unknown[]>;
}

export interface RestServerOptions {
  /** Finds what a bearer token gives access to. null: unknown token, answered 401. */
  executor(token: string): CommandExecutor | null;
  /** 0 takes a free port. */
  port: number;
}

export interface RestServer {
  url: string;
  close(): Promise<void>;
}

const MAX_BODY = 10 * 1024 * 1024;

/**
 * Serves commands in the Upstash REST dialect, on loopback only: `POST /` with one command,
 * `/pipeline` and `/multi-exec` with several. For `wrangler dev` and tests: workerd has no files,
 * so there the embedded store is reached with the same client as a hosted one.
 */
export async function serveRest({ executor, port }: RestServerOptions): Promise<RestServer> {
  const server = http.createServer(async (request, response) => {
    const { status, body } = await answer(request, executor).catch(() => ABORTED);
    const base64 = request.headers['upstash-encoding'] === 'base64';
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(base64 ? encoded(body) : body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Goes nowhere: the client left in the middle of its body. */
const ABORTED = { status: 400, body: { error: 'ERR the request broke off' } };

type Reply = { result: unknown } | { error: string };

async function answer(
  request: http.IncomingMessage,
  executor: RestServerOptions['executor'],
): Promise<{ status: number; body: Reply | Reply[] }> {
  const refuse = (status: number, error: string) => ({ status, body: { error } });
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const store = token === undefined ? null : executor(token);
  if (!store) return refuse(401, 'Unauthorized');
  if (request.method !== 'POST') return refuse(405, 'ERR only POST is supported');

  const body = parse(await readBody(request));
  const isOne = isCommand(body);
  const isMany = Array.isArray(body) && body.every(isCommand);
  switch (request.url) {
    case '/': {
      if (!isOne) return refuse(400, 'ERR failed to parse command');
      const reply = await settle(store.execute(body.map(String)));
      return { status: 'error' in reply ? 400 : 200, body: reply };
    }
    case '/pipeline': {
      if (!isMany) return refuse(400, 'ERR failed to parse pipeline');
      // Started in order; each has its own outcome.
      const replies = body.map((command) => settle(store.execute(command.map(String))));
      return { status: 200, body: await Promise.all(replies) };
    }
    case '/multi-exec': {
      if (!isMany) return refuse(400, 'ERR failed to parse transaction');
      try {
        const results = await store.transaction(body.map((command) => command.map(String)));
        return { status: 200, body: results.map((result) => ({ result })) };
      } catch (error) {
        return refuse(400, messageOf(error));
      }
    }
    default:
      return refuse(404, 'ERR no such path');
  }
}

async function settle(outcome: Promise<unknown>): Promise<Reply> {
  try {
    return { result: await outcome };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : 'ERR failed');

const isCommand = (value: unknown): value is (string | number)[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((part) => typeof part === 'string' || typeof part === 'number');

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

async function readBody(request: http.IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Upstash encodes every string of a result but `OK`, and inside of arrays that too. */
function encoded(body: Reply | Reply[]): unknown {
  const encode = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(encode);
    return typeof value === 'string' ? Buffer.from(value, 'utf8').toString('base64') : value;
  };
  const one = (reply: Reply) =>
    'result' in reply && reply.result !== 'OK' ? { result: encode(reply.result) } : reply;
  return Array.isArray(body) ? body.map(one) : one(body);
}
