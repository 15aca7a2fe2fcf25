import http from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readOutbox } from '../../src/mail/outbox.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { type Running, start, temporaryFolder } from '../support/server.ts';

const EMAIL = 'ada@example.com';

// Servers are started, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

/** A request as a client of any kind may send it. */
function ask(url: string, path: string, headers: Record<string, string> = {}, json?: object) {
  return new Promise<{ status: number; text: string; cache: string | undefined }>(
    (resolve, fail) => {
      const { hostname, port } = new URL(url);
      const type = json ? { 'content-type': 'application/json' } : {};
      const options = { hostname, port, path, method: json ? 'POST' : 'GET' };
      const request = http.request({ ...options, headers: { ...type, ...headers } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          const cache = response.headers['cache-control'];
          resolve({ status: response.statusCode ?? 0, text, cache });
        });
      });
      request.on('error', fail);
      request.end(json && JSON.stringify(json));
    },
  );
}

const register = (url: string, email = EMAIL, headers = {}, target = '/auth/register') =>
  ask(url, target, headers, { email, password: PASSWORD });

async function started(env: Record<string, string> = {}) {
  const folder = join(temporaryFolder(), 'data');
  const server = await start({ DATA_DIR: folder, BCRYPT_COST: '4', ...env });
  const outbox = () => readOutbox(join(folder, 'outbox'), 10);
  return { ...server, outbox };
}

/** The path of the outbox as the server has printed it. */
async function outboxOf({ output }: Pick<Running, 'output'>): Promise<string> {
  const found = () => /\/dev\/outbox\?key=[\w-]{22}/.exec(output().out)?.[0] ?? '';
  await vi.waitFor(() => expect(found()).not.toBe(''), { timeout: 10_000, interval: 20 });
  return found();
}

/** The links that the server has printed, once it has printed so many. */
async function printed({ output }: Pick<Running, 'output'>, count: number) {
  const links = () => output().out.match(/\S+token=\S+/g) ?? [];
  await vi.waitFor(() => expect(links()).toHaveLength(count), { timeout: 10_000, interval: 20 });
  return links();
}

describe('the outbox of a server on this machine', () => {
  it('is shown and printed to whoever sits at it, and to nobody who comes another way', async () => {
    const server = await started();
    const { url } = server;
    const path = await outboxOf(server);
    expect((await ask(url, path)).text).toContain('No mail yet.');
    await register(url);
    const [link = ''] = await printed(server, 1);
    const port = new URL(url).port;
    expect(link).toMatch(new RegExp(`^http://localhost:${port}/verify\\?token=[\\w-]{43}$`));
    expect(server.output().out).toContain(`Mail to ${EMAIL}: Confirm your address`);

    for (const host of ['localhost', '127.0.0.1', `localhost:${port}`, `[::1]:${port}`]) {
      const page = await ask(url, path, { host });
      expect([host, page.status, page.cache]).toEqual([host, 200, 'no-store']);
      expect(page.text).toContain(`<a href="${link}">`);
      expect(page.text).toContain(`To ${EMAIL}`);
    }
    const elsewhere: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: `evil.example:${port}` },
      { host: 'localhost.evil.example' },
      { host: '192.0.2.1' },
      { host: '0.0.0.0' },
      { forwarded: 'for=192.0.2.1' },
      { via: '1.1 proxy' },
      { 'x-forwarded-for': '127.0.0.1' },
      { 'x-forwarded-host': 'localhost' },
      { 'x-forwarded-proto': 'https' },
      { 'x-real-ip': '127.0.0.1' },
      { 'x-forwarded-for': '' },
    ];
    for (const headers of elsewhere) {
      const refused = await ask(url, path, headers);
      expect([headers, refused.status]).toEqual([headers, 404]);
      expect(refused.text).not.toMatch(/token=|ada@/);
    }
    for (const guess of ['/dev/outbox', '/dev/outbox?key=', '/dev/outbox?key=x', `${path}x`]) {
      expect([guess, (await ask(url, guess)).status]).toEqual([guess, 404]);
    }
  });

  it('has links to BASE_URL alone, whatever a request says of its host', async () => {
    const server = await started();
    const { url } = server;
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    await register(url, 'a@example.com', headers);
    await register(url, 'b@example.com', headers, 'http://evil.example/auth/register');
    for (const link of await printed(server, 2)) {
      expect(link.startsWith(`http://localhost:${new URL(url).port}/verify?token=`)).toBe(true);
    }
    for (const { text } of await server.outbox()) expect(text).not.toContain('evil');
  });

  it('is shown when it was chosen by name', async () => {
    const server = await started({ MAIL_URL: 'outbox:' });
    await register(server.url);
    await printed(server, 1);
    expect((await ask(server.url, await outboxOf(server))).text).toContain('token=');
  });
});

describe('the outbox of a server that others reach', () => {
  it.each<[string, Record<string, string>]>([
    ['HOST is not loopback', { HOST: '0.0.0.0' }],
    ['BASE_URL is not loopback', { BASE_URL: 'https://auth.example.com' }],
  ])('is neither shown nor printed where %s', async (_, env) => {
    const server = await started(env);
    expect((await register(server.url)).status).toBe(201);
    await vi.waitFor(async () => expect(await server.outbox()).toHaveLength(1), {
      timeout: 10_000,
    });
    const [mail] = await server.outbox();
    const base = env.BASE_URL ?? `http://localhost:${new URL(server.url).port}`;
    expect(mail?.text).toContain(`${base}/verify?token=`);
    const host = `localhost:${new URL(server.url).port}`;
    expect((await ask(server.url, '/dev/outbox', { host })).status).toBe(404);
    server.process.kill('SIGTERM');
    await server.ended;
    expect(server.output().out).not.toMatch(/token=|ada@/);
  });

  it('is not there when another transport is set', async () => {
    const server = await started({
      ...{ MAIL_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'gatehouse@example.com' },
    });
    expect((await register(server.url)).status).toBe(201);
    expect((await ask(server.url, '/dev/outbox', { host: 'localhost' })).status).toBe(404);
    server.process.kill('SIGTERM');
    await server.ended;
    expect(server.output().out).not.toMatch(/token=|ada@/);
    expect(await server.outbox()).toEqual([]);
  });
});

describe('the outbox page', () => {
  it.each(['192.0.2.1', '10.0.0.1', '::ffff:192.0.2.1', '2001:db8::1', '', null])(
    'is not there for the peer %j',
    async (peer) => {
      const { services } = await createTestApp();
      const read = async () => [
        { file: 'x', to: EMAIL, subject: 'x', date: 'x', text: 'http://localhost/?token=x\n' },
      ];
      const request = () =>
        new Request('http://localhost:3000/dev/outbox?key=of-this-start', {
          headers: { host: 'localhost:3000' },
        });
      const app = (address: string | null) =>
        createApp(services, {
          clientAddress: () => address,
          outbox: { read, clientAddress: () => address, key: 'of-this-start' },
        });
      expect((await app(peer).fetch(request())).status).toBe(404);
      expect((await app('127.0.0.1').fetch(request())).status).toBe(200);
      expect((await app('::1').fetch(request())).status).toBe(200);
      expect(
        (await createApp(services, { clientAddress: () => '::1' }).fetch(request())).status,
      ).toBe(404);
    },
  );
});
