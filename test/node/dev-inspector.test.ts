import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';
import { temporaryFolder } from '../support/server.ts';

/** The command lines of every workerd that the Worker of `npm run dev` runs in. */
async function runtimesOf(...args: string[]): Promise<string[]> {
  const envFile = join(temporaryFolder(), 'worker.env');
  writeFileSync(envFile, '');
  const port = await freePort();
  const options = ['--port', `${port}`, '--env-file', envFile, ...args];
  const child = spawn(process.execPath, ['scripts/dev-worker.mjs', ...options], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' },
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const answers = async () => fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
  while (child.exitCode === null && !(await answers())) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const list = execFileSync('ps', ['-A', '-ww', '-o', 'pgid=,args='], { encoding: 'utf8' });
  const lines = list.split('\n').filter((line) => line.trim().startsWith(`${child.pid} `));
  return lines.filter((line) => line.includes('workerd serve'));
}

it('the Worker of npm run dev has an inspector only when it is asked for', async () => {
  const runtimes = await runtimesOf();
  expect(runtimes.length).toBeGreaterThan(0);
  expect(runtimes.filter((line) => line.includes('--inspector-addr'))).toEqual([]);
  const inspected = await runtimesOf('--inspect');
  expect(inspected.some((line) => line.includes('--inspector-addr='))).toBe(true);
}, 90_000);
