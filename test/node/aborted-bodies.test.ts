import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpServer } from '../../src/node/http-server.ts';
import { seconds } from '../../src/time.ts';
import { createTestApp, type TestApp } from '../support/app.ts';

const LENGTH = 'Content-Length: 100';
const CHUNKED = 'Transfer-Encoding: chunked';

async function listening() {
  const app = await createTestApp({
    routes: (own) => {
      own.post('/own/json', async (c) => c.json(await c.req.json()));
      own.post('/own/fault', async (c) => {
        await c.req.text().catch(() => {});
        throw new Error('a fault of the handler');
      });
    },
  });
  const { client } = await app.registered();
  await app.settled();
  app.requests.length = 0;
  const cookie = `Cookie: gatehouse=${client.cookie('gatehouse')}`;
  const server = createHttpServer(app.app.fetch, seconds(5));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { app, cookie, port: (server.address() as AddressInfo).port };
}

/** Sends a part of a body, and goes away. */
async function breakOff(port: number, path: string, ...headers: string[]) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const head = [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json'];
  socket.write(`${[...head, ...headers].join('\r\n')}\r\n\r\n5\r\n{"a":`);
  // The server has to read the head before the connection ends.
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
}

const statusIn = async (app: TestApp) => {
  await expect.poll(() => app.requests.length).toBe(1);
  return app.requests[0]?.status;
};

describe('a client that breaks off while it sends a body', () => {
  it.each([
    ['/auth/login', LENGTH],
    ['/auth/login', CHUNKED],
    ['/own/json', LENGTH],
    ['/own/json', CHUNKED],
  ])('is answered 400 at %s (%s), and no error of ours is logged', async (path, framing) => {
    const { app, cookie, port } = await listening();
    await breakOff(port, path, framing, cookie);
    expect(await statusIn(app)).toBe(400);
    expect(app.logged).toEqual([]);
  });

  it('hides no error of a handler', async () => {
    const { app, cookie, port } = await listening();
    await breakOff(port, '/own/fault', LENGTH, cookie);
    expect(await statusIn(app)).toBe(500);
    expect(app.logged).toEqual([expect.stringContaining('unexpected error')]);
  });
});
