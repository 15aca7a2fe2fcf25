import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';
import { checkReach } from '../../src/doctor/reach.ts';
import { hasNginx, startNginx } from '../support/nginx.ts';
import { start, temporaryFolder } from '../support/server.ts';

const GUIDE = readFileSync('docs/guides/frontend.md', 'utf8');

/** The block of the guide, as it stands there. */
const block = (language: string) =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]+?)\`\`\``).exec(GUIDE)?.[1] ?? '';

const PATHS = [
  ...['/auth/session', '/auth/password/reset', '/admin/users', '/account', '/account/sessions'],
  ...['/login', '/register', '/logout', '/forgot', '/reset?token=x', '/verify?token=x'],
  ...['/verify/disown', '/assets/gatehouse-0.css', '/.well-known/change-password'],
  ...['/health', '/ready', '/docs', '/openapi.json'],
];

async function behindNginx() {
  const root = temporaryFolder();
  writeFileSync(join(root, 'index.html'), 'the frontend');
  const ports = [await freePort(), await freePort()] as const;
  const url = await startNginx((port) =>
    block('nginx')
      .replace('127.0.0.1:3000', `127.0.0.1:${ports[0]}`)
      .replace('127.0.0.1:3001', `127.0.0.1:${ports[1]}`)
      .replace('listen 80', `listen 127.0.0.1:${port}`)
      .replace('/var/www/app', root),
  );
  const serve = (port: number) =>
    start({
      PORT: String(port),
      BASE_URL: url,
      DATA_DIR: temporaryFolder(),
      LOG_LEVEL: 'error',
      DRAIN: '1s',
    });
  return { url, ports, serve };
}

describe.runIf(hasNginx())('the nginx block of the guide', () => {
  it('forwards every path of this server, and loses no request when servers restart in turn', async () => {
    const { url, ports, serve } = await behindNginx();
    const running = [await serve(ports[0]), await serve(ports[1])];
    for (const path of PATHS) {
      const answer = await fetch(url + path, { redirect: 'manual' });
      expect(answer.headers.get('x-request-id'), path).toBeTruthy();
    }
    for (const path of ['/', '/cart', '/authors', '/assets/app.js']) {
      expect(await (await fetch(url + path)).text(), path).toBe('the frontend');
    }
    expect(await checkReach({ baseUrl: url, linksUrl: url })).toMatchObject([{ mark: 'ok' }]);

    const statuses: Record<string, number> = {};
    let on = true;
    const load = Array.from({ length: 8 }, async (_, n) => {
      while (on) {
        const post = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } };
        const asked = n % 2 ? fetch(`${url}/auth/session`) : fetch(`${url}/auth/logout`, post);
        const status = await asked.then(
          async (answer) => {
            await answer.arrayBuffer();
            return String(answer.status);
          },
          (error) => String(error.cause ?? error),
        );
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    });
    for (const [at, port] of ports.entries()) {
      running[at]?.process.kill('SIGTERM');
      expect(await running[at]?.ended).toBe(0);
      running[at] = await serve(port);
    }
    on = false;
    await Promise.all(load);
    expect(Object.keys(statuses).sort()).toEqual(['200', '204']);
  }, 90_000);
});

describe('the other blocks of the guide', () => {
  it('name every path that the nginx block forwards', () => {
    const caddy = /path (.+)/.exec(block('caddy'))?.[1]?.split(' ') ?? [];
    const matches = (path: string) =>
      caddy.some((p) => (p.endsWith('*') ? path.startsWith(p.slice(0, -1)) : path === p));
    const vite = new RegExp(/'(\^.+)'/.exec(block('js'))?.[1]?.replaceAll('\\\\', '\\') ?? '$.');
    for (const path of PATHS) {
      expect(matches(path.split('?')[0] ?? ''), `Caddy: ${path}`).toBe(true);
      expect(vite.test(path), `Vite: ${path}`).toBe(true);
    }
    for (const path of ['/', '/cart', '/authors', '/assets/app.js']) {
      expect([matches(path), vite.test(path)], path).toEqual([false, false]);
    }
  });
});

describe('the doctor', () => {
  async function somethingElse(answer: string): Promise<string> {
    const server = createServer((_, response) => response.end(answer));
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${port}`;
  }

  it('says which paths lead to something else, and what to set', async () => {
    const baseUrl = await somethingElse('<!doctype html><title>the frontend</title>');
    const [finding] = await checkReach({ baseUrl, linksUrl: baseUrl });
    expect(finding?.mark).toBe('wrong');
    expect(finding?.text).toContain(`${baseUrl}/health, ${baseUrl}/verify, ${baseUrl}/reset lead`);
    expect(finding?.text).toMatch(/BASE_URL .*docs\/guides\/frontend\.md/);
  });

  it('does not wait for long, and takes a server that is not running for no fault', async () => {
    const baseUrl = `http://127.0.0.1:${await freePort()}`;
    expect(await checkReach({ baseUrl, linksUrl: baseUrl })).toMatchObject([{ mark: 'ok' }]);
    const server = createServer(() => {});
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void server.close().closeAllConnections());
    const silent = `http://127.0.0.1:${port}`;
    const [finding] = await checkReach({ baseUrl: silent, linksUrl: silent }, 200);
    expect(finding?.text).toContain('does not answer');
  });
});
