import { connect, createServer } from 'node:net';
import { freePort } from './ports.mjs';

/**
 * Stands between a server and Redis over TCP, and counts commands and round trips. What is sent
 * before any answer to it has come is one round trip.
 */
export async function countingProxy(redisPort) {
  let commands = 0;
  let trips = 0;
  const names = [];
  const sockets = new Set();
  const server = createServer((client) => {
    const upstream = connect(redisPort, '127.0.0.1');
    let asking = false;
    client.on('data', (chunk) => {
      const found = commandsIn(chunk);
      commands += found.length;
      names.push(...found);
      if (!asking) trips += 1;
      asking = true;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      asking = false;
      client.write(chunk);
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${port}`,
    /** What was sent since it was last asked. */
    take() {
      const counted = { commands, trips, names: names.splice(0) };
      commands = 0;
      trips = 0;
      return counted;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** As above, for Redis over REST: an HTTP request is a round trip. */
export async function countingGateway(restUrl) {
  let commands = 0;
  let trips = 0;
  const names = [];
  const { createServer: serveHttp } = await import('node:http');
  const server = serveHttp(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const sent = JSON.parse(body.toString('utf8'));
    const found = Array.isArray(sent[0]) ? sent.map(([name]) => name) : [sent[0]];
    trips += 1;
    commands += found.length;
    names.push(...found.map((name) => name.toUpperCase()));
    const { host: _, connection: __, ...headers } = request.headers;
    const answer = await fetch(restUrl + request.url, { method: request.method, headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    take() {
      const counted = { commands, trips, names: names.splice(0) };
      commands = 0;
      trips = 0;
      return counted;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Names of the commands in what a client sent: arrays of bulk strings, small enough for one chunk. */
function commandsIn(chunk) {
  const names = [];
  let at = 0;
  const line = () => {
    const end = chunk.indexOf('\r\n', at);
    const text = chunk.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  while (at < chunk.length && chunk[at] === 0x2a) {
    const parts = Number(line().slice(1));
    for (let i = 0; i < parts; i += 1) {
      const length = Number(line().slice(1));
      if (i === 0) names.push(chunk.toString('latin1', at, at + length).toUpperCase());
      at += length + 2;
    }
  }
  return names;
}
