import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';

export interface Running {
  url: string;
  process: ChildProcess;
  /** What it has printed so far. */
  output(): { out: string; err: string };
  /** Resolves with the exit code; null when a signal ended it. */
  ended: Promise<number | null>;
}

/** A folder that goes when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The server as it is deployed, or a copy of it. Resolves when it answers or has ended. */
export const start = (env: Record<string, string>, folder = 'dist/server', runtime?: string[]) =>
  launch(join(folder, 'server.js'), env, tmpdir(), runtime);

/** The same by `npm start`, which builds it first. `cwd`: a folder that may hold an `.env`. */
export const npmStart = (env: Record<string, string>, cwd = tmpdir()) =>
  launch('scripts/start.mjs', env, cwd);

/** `runtime`: a program and its arguments before the script. */
async function launch(
  script: string,
  env: Record<string, string>,
  cwd: string,
  [program = process.execPath, ...args]: string[] = [],
): Promise<Running> {
  const port = env.PORT ?? String(await freePort());
  const child = spawn(resolve(program), [...args, resolve(script)], {
    cwd,
    env: { PATH: process.env.PATH, PORT: port, DRAIN: '0s', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    printed.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  const running = { url, process: child, output: () => printed, ended };
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt += 1) {
    if ((await fetch(`${url}/health`).catch(() => null))?.ok) return running;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return running;
}
