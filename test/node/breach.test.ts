import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createBreached } from '../../src/passwords/breach.ts';

const TAIL = 'AD6438836DBE526AA231ABDE2D0EEF74D42';
const PASSWORD = 'correct horse battery staple';

/** A check that asks a server of ranges on loopback. */
async function open(answer: http.RequestListener, timeout = 4000) {
  const server = http.createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return createBreached({ url: `http://127.0.0.1:${port}/range/`, timeout });
}

it('asks by GET for five digits, with padding', async () => {
  const seen: unknown[] = [];
  const breached = await open(({ method, url, headers }, response) => {
    seen.push([method, url, headers['add-padding']]);
    response.end(`${TAIL}:1\r\n`);
  });
  expect(await breached(PASSWORD)).toBe(true);
  expect(await breached('caf\u00e9 noir au lait')).toBe(false);
  expect(await breached('cafe\u0301 noir au lait')).toBe(false);
  expect(seen[0]).toEqual(['GET', '/range/ABF7A', 'true']);
  expect(seen[1]).toEqual(seen[2]);
});

it('gives up in time on an answer that does not end', async () => {
  const breached = await open((_request, response) => void response.write(`${TAIL}:1\r\n`), 100);
  await expect(breached(PASSWORD)).rejects.toThrow(/timeout/i);
});

it('follows nobody elsewhere', async () => {
  const urls: unknown[] = [];
  const breached = await open(({ url }, response) => {
    urls.push(url);
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  await expect(breached(PASSWORD)).rejects.toThrow('status 302');
  expect(urls).toHaveLength(1);
});
