import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { start, temporaryFolder } from '../support/server.ts';

// Servers are started, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

/** What comes back for some bytes, once the connection has ended. */
function answerTo(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = net.connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((network) => network?.address === '::1');

describe.each(['127.0.0.1', '0.0.0.0', ...(hasIpv6 ? ['::'] : [])])(
  'a health check over HTTP/1.0 at HOST=%s',
  (HOST) => {
    it('works without a Host header', async () => {
      const { url } = await start({ DATA_DIR: temporaryFolder(), HOST });
      for (const [line, status] of [
        ['GET /health', '200 OK'],
        ['GET /ready', '200 OK'],
        ['OPTIONS /', '204 No Content'],
        ['OPTIONS *', '204 No Content'],
      ]) {
        const answer = await answerTo(url, `${line} HTTP/1.0\r\n\r\n`);
        expect([line, answer.split('\r\n')[0]]).toEqual([line, `HTTP/1.1 ${status}`]);
        if (line?.startsWith('OPTIONS'))
          expect(answer).toMatch(/\r\nAllow: GET, HEAD, OPTIONS\r\n/i);
      }
      expect(await answerTo(url, 'OPTIONS /auth/login HTTP/1.0\r\n\r\n')).toContain(' 405 ');
    });
  },
);

describe('a request over HTTP/1.1', () => {
  it('is refused without a Host header, with a request id', async () => {
    const { url } = await start({ DATA_DIR: temporaryFolder() });
    const answer = await answerTo(url, 'GET /health HTTP/1.1\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/\r\nX-Request-Id: [\da-f-]{36}\r\n/);
    expect(answer).toContain('\r\nConnection: close\r\n');
  });
});

describe('an idle connection', () => {
  it.each<[env: Record<string, string>, header: string]>([
    [{}, 'timeout=75'],
    [{ KEEP_ALIVE: '2m' }, 'timeout=120'],
  ])('is kept as long as KEEP_ALIVE says: %j', async (env, header) => {
    const { url } = await start({ DATA_DIR: temporaryFolder(), ...env });
    expect((await fetch(`${url}/health`)).headers.get('keep-alive')).toBe(header);
  });
});
