import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';
import { hasProgram } from './programs.ts';
import { temporaryFolder } from './server.ts';

export const hasNginx = () =>
  hasProgram('nginx', 'apt install nginx-light, or: brew install nginx', '-v');

/**
 * An nginx of its own on loopback, which ends with the test.
 *
 * @param http What stands in its `http` block, for the port that it listens on.
 * @returns The address that it listens at, once it answers.
 */
export async function startNginx(http: (port: number) => string): Promise<string> {
  const folder = temporaryFolder();
  const port = await freePort();
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  // Its workers would run as somebody who may not enter the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const config = `
    ${user} daemon off; worker_processes 1; error_log stderr; pid ${folder}/pid;
    events { worker_connections 256; }
    http {
      access_log off;
      ${temp.map((name) => `${name}_temp_path ${join(folder, name)};`).join('\n')}
      ${http(port)}
    }`;
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, config);
  const nginx = spawn('nginx', ['-p', folder, '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  nginx.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise((resolve) => nginx.once('close', resolve));
  onTestFinished(async () => {
    nginx.kill('SIGTERM');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 200 && nginx.exitCode === null; attempt += 1) {
    if (await fetch(url, { redirect: 'manual' }).catch(() => null)) return url;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nginx does not answer: ${said}`);
}
