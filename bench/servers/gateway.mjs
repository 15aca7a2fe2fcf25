import { createServer } from 'node:net';
import { createClient } from 'redis';

/**
 * A Redis REST endpoint in the Upstash dialect in front of a real Redis, for everyone who speaks
 * REST: `POST /`, `/pipeline`, `/multi-exec`. Reads HTTP by hand, because it shares a core with
 * Redis and the load and must never be what is waited for. It knows just as much of HTTP as the
 * clients in this folder use, and serves loopback alone.
 */
const redis = createClient({ url: process.env.REDIS_URL, RESP: 2 });
await redis.connect();
const authorization = `authorization: bearer ${process.env.TOKEN}\r\n`;

createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  let waiting = Buffer.alloc(0);
  let busy = false;

  socket.on('data', (chunk) => {
    waiting = waiting.length > 0 ? Buffer.concat([waiting, chunk]) : chunk;
    if (!busy) void serve();
  });

  // One after the other, so that answers keep the order of the requests.
  async function serve() {
    busy = true;
    for (let request = take(); request; request = take()) {
      const { status, body } = await answer(request);
      const text = JSON.stringify(request.base64 ? encoded(body) : body);
      const length = Buffer.byteLength(text);
      socket.write(
        `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${text}`,
      );
    }
    busy = false;
  }

  /** The next whole request. null: it has not arrived yet. */
  function take() {
    const end = waiting.indexOf('\r\n\r\n');
    if (end < 0) return null;
    const head = waiting.latin1Slice(0, end + 2);
    const lower = head.toLowerCase();
    const length = Number(/\r\ncontent-length: *(\d+)/.exec(lower)?.[1] ?? 0);
    const next = end + 4 + length;
    if (waiting.length < next) return null;
    const body = waiting.utf8Slice(end + 4, next);
    waiting = waiting.subarray(next);
    return {
      path: head.slice(head.indexOf(' ') + 1, head.indexOf(' ', head.indexOf(' ') + 1)),
      known: lower.includes(authorization),
      base64: lower.includes('\r\nupstash-encoding: base64'),
      body,
    };
  }
}).listen(Number(process.env.PORT), '127.0.0.1');

const OK = '200 OK';
const WRONG = '400 Bad Request';

async function answer({ path, known, body }) {
  if (!known) return { status: '401 Unauthorized', body: { error: 'Unauthorized' } };
  try {
    const sent = JSON.parse(body);
    if (path === '/pipeline') return { status: OK, body: await Promise.all(sent.map(settled)) };
    if (path === '/multi-exec') return { status: OK, body: await transaction(sent) };
    return { status: OK, body: { result: await execute(sent) } };
  } catch (error) {
    return { status: WRONG, body: { error: error.message } };
  }
}

function execute(command) {
  return redis.sendCommand(command.map(String));
}

async function settled(command) {
  try {
    return { result: await execute(command) };
  } catch (error) {
    return { error: error.message };
  }
}

async function transaction(commands) {
  const multi = redis.multi();
  for (const command of commands) multi.addCommand(command.map(String));
  const results = await multi.exec();
  return results.map((result) => ({ result }));
}

/** Upstash encodes every string but `OK` when it is asked to, inside of arrays too. */
function encoded(body) {
  if (Array.isArray(body)) return body.map(encoded);
  if (!('result' in body) || body.result === 'OK') return body;
  return { result: base64(body.result) };
}

function base64(value) {
  if (Array.isArray(value)) return value.map(base64);
  return typeof value === 'string' ? Buffer.from(value, 'utf8').toString('base64') : value;
}

process.on('SIGTERM', () => process.exit(0));
