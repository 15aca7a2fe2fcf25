import net from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { serveRest } from '../../src/redis/rest-server.ts';
import { openRestServer } from '../support/rest-server.ts';

const PATHS = ['/', '/pipeline', '/multi-exec'];
const one = ['SET', 'key', 'value', 'NX', 'PX', 1000];
const bodyFor = (path: string) => (path === '/' ? one : [one]);

describe('the token', () => {
  it.each(PATHS)('is asked for on %s', async (path) => {
    const { inner, token, post } = await openRestServer();
    const wrong = [
      {},
      { authorization: '' },
      { authorization: 'Bearer ' },
      { authorization: 'Bearer wrong' },
      { authorization: `Bearer ${token}x` },
      { authorization: `Basic ${token}` },
      { authorization: token },
    ];
    for (const headers of wrong) {
      const answer = await post(path, bodyFor(path), headers as Record<string, string>);
      expect(answer).toEqual({ status: 401, json: { error: 'Unauthorized' } });
    }
    expect(await inner.get(['key'])).toEqual([null]);
    expect((await post(path, bodyFor(path))).status).toBe(200);
    expect(await inner.get(['key'])).toEqual(['value']);
  });

  it('is not taken from the address', async () => {
    const { token, post } = await openRestServer();
    expect((await post(`/?_token=${token}`, one, {})).status).toBe(401);
  });
});

describe('errors', () => {
  it('of one command of a pipeline leave the others alone', async () => {
    const { post } = await openRestServer();
    const { status, json } = await post('/pipeline', [one, ['FLUSHALL'], ['GET', 'key']]);
    expect(status).toBe(200);
    expect(json).toEqual([{ result: 'OK' }, { error: expect.any(String) }, { result: 'value' }]);
  });

  it.each([
    ['a command that is not known', ['FLUSHALL']],
    ['a script that is not known', ['EVAL', 'return 1', '0']],
    ['a script without anything', ['EVAL']],
    ['SET that would live for ever', ['SET', 'key', 'value']],
    ['SET NX that would live for ever', ['SET', 'key', 'value', 'NX']],
  ])('are the answer to %s', async (_, command) => {
    const { inner, post } = await openRestServer();
    const answer = await post('/', command);
    expect(answer).toEqual({ status: 400, json: { error: expect.stringMatching(/^ERR /) } });
    expect((await post('/multi-exec', [command])).status).toBe(400);
    expect(await inner.get(['key'])).toEqual([null]);
    expect((await post('/', ['PING'])).json).toEqual({ result: 'PONG' });
  });

  it.each(PATHS)('are the answer to bodies on %s that are no commands', async (path) => {
    const { post } = await openRestServer();
    const garbage = [
      ...['', 'no json', '[', 'null', '1', '"PING"', '{}', '{"0":"PING"}', '[[]]', '[null]'],
      ...['[["PING",null]]', '[["PING",{}]]', '[["PING",["x"]]]', '[true]', '\u0000'],
      path === '/' ? '[]' : '["PING"]',
      path === '/' ? '[["PING"]]' : '[["PING"],"PING"]',
    ];
    for (const body of garbage)
      expect([body, (await post(path, body)).status]).toEqual([body, 400]);
    expect((await post('/', ['PING'])).status).toBe(200);
  });

  it('are the answer to other methods and other paths', async () => {
    const { url, bearer, post } = await openRestServer();
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await fetch(`${url}/`, { method, headers: bearer });
      expect(response.status).toBe(405);
    }
    expect((await post('/get/key', ['PING'])).status).toBe(404);
  });
});

describe('a request', () => {
  it('over the cap is refused and not carried out', async () => {
    const { inner, post } = await openRestServer();
    const huge = ['SET', 'huge', 'x'.repeat(11 * 1024 * 1024), 'NX', 'PX', 60_000];
    const status = await post('/', huge).then(
      (answer) => answer.status,
      () => 'cut off',
    );
    expect([400, 413, 'cut off']).toContain(status);
    expect(await inner.get(['huge'])).toEqual([null]);
    const large = ['SET', 'large', 'x'.repeat(9 * 1024 * 1024), 'NX', 'PX', 60_000];
    expect(await post('/', large)).toEqual({ status: 200, json: { result: 'OK' } });
  });

  it('that breaks off in the middle of its body harms nobody else', async () => {
    const { port, token, post } = await openRestServer();
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    onTestFinished(() => void process.off('unhandledRejection', unhandled));
    const socket = net.connect(port, '127.0.0.1');
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`);
    socket.write('Content-Length: 100\r\n\r\n["PING"');
    // Answered after the server has seen the first request.
    expect((await post('/', ['PING'])).status).toBe(200);
    socket.destroy();
    expect((await post('/', ['PING'])).status).toBe(200);
    expect((await post('/', ['PING'])).status).toBe(200);
    // It would end the process.
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('the server', () => {
  it('listens on 127.0.0.1 only', async () => {
    const { port } = await openRestServer();
    expect(await accepts(port, '127.0.0.1')).toBe(true);
    expect(await accepts(port, '127.0.0.2')).toBe(false);
    expect(await accepts(port, '::1')).toBe(false);
  });

  it('does not start on a port that is taken', async () => {
    const { port } = await openRestServer();
    await expect(serveRest({ executor: () => null, port })).rejects.toThrow('EADDRINUSE');
  });
});

function accepts(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
