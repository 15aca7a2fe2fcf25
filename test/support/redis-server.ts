import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { freePort } from '../../src/dev/ports.ts';
import { type CommandExecutor, serveRest } from '../../src/redis/rest-server.ts';
import type { RestStore } from '../../src/redis/rest-transport.ts';
import type { Milliseconds } from '../../src/time.ts';
import { hasProgram } from './programs.ts';

export const hasRedisServer = () =>
  hasProgram('redis-server', 'apt install redis-server, or: brew install redis');

export interface RedisServer {
  url: string;
  port: number;
  /** Goes on taking connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/**
 * A real Redis of its own on loopback, which keeps nothing.
 *
 * @param more Settings of `redis-server` that count instead of, or beside, those here.
 */
export async function startRedis(more: readonly string[] = []): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-redis-'));
  const port = String(await freePort());
  const settings = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--dir', folder];
  const server = spawn('redis-server', ['--port', port, ...settings, ...more]);
  await accepting(server);
  return {
    url: `redis://127.0.0.1:${port}`,
    port: Number(port),
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async close() {
      server.kill('SIGCONT');
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accepting(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout?.on('data', (chunk) => {
      said += chunk;
      if (said.includes('Ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
  });
}

export interface RedisGateway {
  store: RestStore;
  /** Forgets everything. */
  clear(): Promise<void>;
  /** Takes time off every expiry, which to Redis is as good as having waited. */
  advance(span: Milliseconds): Promise<void>;
  close(): Promise<void>;
}

/** A Redis behind the Upstash REST dialect, as a hosted one would be. */
export async function startGateway(redisUrl: string): Promise<RedisGateway> {
  const client = createClient({ url: redisUrl, RESP: 2 });
  client.on('error', () => {});
  await client.connect();
  const executor: CommandExecutor = {
    execute: (command) => client.sendCommand(command),
    async transaction(commands) {
      const multi = client.multi();
      for (const command of commands) multi.addCommand(command);
      return multi.exec();
    },
  };
  const token = randomUUID();
  const rest = await serveRest({
    executor: (given) => (given === token ? executor : null),
    port: 0,
  });
  return {
    store: { url: rest.url, token },
    async clear() {
      await client.flushAll();
    },
    async advance(span) {
      await client.eval(SHORTEN, { arguments: [String(span)] });
    },
    async close() {
      await rest.close();
      client.destroy();
    },
  };
}

const SHORTEN = `
for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 then redis.call('PEXPIRE', key, left - tonumber(ARGV[1])) end
end`;
