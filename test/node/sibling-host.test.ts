import { execFile } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';
import { PASSWORD } from '../support/app.ts';
import { hasProgram } from '../support/programs.ts';
import { start, temporaryFolder } from '../support/server.ts';

const AUTH = 'auth.gatehouse.localhost';
const API = 'api.gatehouse.localhost';

/** A service on another host, which asks the server who is calling. */
async function startService(authUrl: string): Promise<number> {
  const service = http.createServer(async (request, response) => {
    const { cookie = '' } = request.headers;
    const answer = await fetch(`${authUrl}/auth/verify`, { headers: { cookie } });
    response.end(`${answer.status} ${answer.headers.get('x-auth-user-id') ?? 'nobody'}`);
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void service.close());
  return (service.address() as AddressInfo).port;
}

/** A server on one host name, a service on another, and curl as the browser between them. */
async function makeHosts(env: Record<string, string>) {
  const folder = temporaryFolder();
  const port = String(await freePort());
  const base = `http://${AUTH}:${port}`;
  const { url } = await start({
    PORT: port,
    BASE_URL: base,
    DATA_DIR: join(folder, 'data'),
    ...env,
  });
  const servicePort = await startService(url);
  const names = [`${AUTH}:${port}:127.0.0.1`, `${API}:${servicePort}:127.0.0.1`];
  const jar = ['-b', join(folder, 'jar'), '-c', join(folder, 'jar')];
  const curl = async (...args: string[]) => {
    const resolved = names.flatMap((name) => ['--resolve', name]);
    return (await promisify(execFile)('curl', ['-sS', ...resolved, ...jar, ...args])).stdout;
  };
  return {
    register: () =>
      curl(
        ...['-H', 'content-type: application/json'],
        ...['-d', JSON.stringify({ email: 'ada@example.com', password: PASSWORD })],
        `${base}/auth/register`,
      ),
    logout: () => curl('-X', 'POST', `${base}/auth/logout`),
    askService: () => curl(`http://${API}:${servicePort}/`),
  };
}

describe.runIf(hasProgram('curl', 'it keeps cookies by host, as a browser does'))(
  'a service on a sibling host',
  () => {
    it('gets the cookie with COOKIE_DOMAIN, and learns who is calling until they sign out', async () => {
      const { register, logout, askService } = await makeHosts({
        COOKIE_DOMAIN: 'gatehouse.localhost',
      });
      expect(await askService()).toBe('401 nobody');
      const { user } = JSON.parse(await register());
      expect(await askService()).toBe(`204 ${user.id}`);
      await logout();
      expect(await askService()).toBe('401 nobody');
    });

    it('does not get it without', async () => {
      const { register, askService } = await makeHosts({});
      await register();
      expect(await askService()).toBe('401 nobody');
    });
  },
);
