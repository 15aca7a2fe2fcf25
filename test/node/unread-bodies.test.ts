import http from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { hasNginx, startNginx } from '../support/nginx.ts';
import { start, temporaryFolder } from '../support/server.ts';

// Servers are started, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const withNginx = hasNginx();

const LARGE = Buffer.alloc(900_000, 'x');
const SMALL = Buffer.from('{"email":"a@example.com","password":"not the password"}');

interface Sent {
  method?: string;
  agent?: http.Agent;
  headers?: Record<string, string>;
  body?: Buffer;
  /** Sends the body without its length. */
  chunked?: boolean;
  /** Sends the end of the body only after the answer. */
  held?: boolean;
}

/** The status and the `Connection` header of an answer; the error where there is none. */
function send(url: string, sent: Sent) {
  const { method = 'POST', agent, headers, body = Buffer.alloc(0), chunked, held } = sent;
  return new Promise<[answer: number | string, connection?: string]>((resolve) => {
    const length = chunked ? {} : { 'content-length': String(body.length) };
    const request = http.request(
      url,
      { method, headers: { ...headers, ...length }, ...(agent ? { agent } : {}) },
      (response) => {
        if (held) request.end(body.subarray(1));
        response.resume();
        response.on('end', () =>
          resolve([response.statusCode ?? 0, response.headers.connection ?? '']),
        );
      },
    );
    request.on('error', (error: NodeJS.ErrnoException) => resolve([error.code ?? 'error']));
    if (held) request.write(body.subarray(0, 1));
    else if (chunked) {
      request.write(body.subarray(0, 1));
      request.end(body.subarray(1));
    } else request.end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const CROSS_SITE = { ...JSON_TYPE, origin: 'https://evil.example' };

/** What is answered before the body was read. */
const UNREAD: [status: number, path: string, sent: Sent][] = [
  [413, '/auth/login', { headers: JSON_TYPE, body: LARGE }],
  [413, '/auth/login', { headers: JSON_TYPE, body: LARGE, chunked: true }],
  [403, '/auth/login', { headers: CROSS_SITE, body: LARGE }],
  [403, '/auth/login', { headers: CROSS_SITE, body: LARGE, chunked: true }],
  [403, '/auth/login', { headers: CROSS_SITE, body: SMALL, held: true }],
  [405, '/auth/session', { headers: JSON_TYPE, body: SMALL, held: true }],
  [404, '/nowhere', { headers: JSON_TYPE, body: SMALL, held: true }],
  [401, '/auth/user', { method: 'PATCH', headers: JSON_TYPE, body: SMALL, held: true }],
  [400, '/auth/login', { headers: { ...JSON_TYPE, host: 'a b' }, body: LARGE }],
  [200, '/health', { method: 'GET', body: LARGE }],
];

describe('an answer before the body has arrived', () => {
  it('ends the connection, and reaches a client that still sends', async () => {
    const { url } = await start({ DATA_DIR: temporaryFolder() });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (const [at, [status, path, sent]] of UNREAD.entries()) {
      const answer = await send(url + path, { ...sent, agent });
      expect([at, path, ...answer]).toEqual([at, path, status, 'close']);
      expect(await send(`${url}/auth/logout`, { agent })).toEqual([204, 'keep-alive']);
    }
    agent.destroy();
  });

  it('leaves the connection as it is where the whole body was read', async () => {
    const { url } = await start({ DATA_DIR: temporaryFolder() });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (const chunked of [false, true]) {
      const sent = { headers: JSON_TYPE, agent, body: SMALL, chunked };
      expect(await send(`${url}/auth/login`, sent)).toEqual([401, 'keep-alive']);
    }
    agent.destroy();
  });

  it.runIf(withNginx)('takes no answer from others behind nginx', async () => {
    const server = await start({ DATA_DIR: temporaryFolder() });
    const { host } = new URL(server.url);
    const url = await startNginx(
      (port) => `
        upstream gatehouse { server ${host}; keepalive 8; }
        server {
          listen 127.0.0.1:${port};
          client_max_body_size 2m;
          location / {
            proxy_pass http://gatehouse;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
          }
        }`,
    );
    let over = false;
    async function flood(chunked: boolean) {
      const answers = [];
      const sent = { headers: JSON_TYPE, body: LARGE, chunked };
      while (!over) answers.push((await send(`${url}/auth/login`, sent))[0]);
      return answers;
    }
    const floods = [flood(false), flood(true)];
    const others = [];
    for (let i = 0; i < 150; i += 1) others.push((await send(`${url}/auth/logout`, {}))[0]);
    over = true;
    expect(others.filter((answer) => answer !== 204)).toEqual([]);
    const large = (await Promise.all(floods)).flat();
    expect(large.length).toBeGreaterThan(10);
    expect(large.filter((answer) => answer !== 413)).toEqual([]);
  });
});
