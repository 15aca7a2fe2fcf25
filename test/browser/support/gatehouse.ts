import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startChild } from '../../../src/dev/child-group.ts';
import { freePort } from '../../../src/dev/ports.ts';

export interface Gatehouse {
  /** As people see it. */
  url: string;
  /** Where its mail lies. */
  outbox: string;
  /** The path of the page that shows it, with its key. */
  outboxPage: string;
}

const RATE = '100000/1h';

/** Everybody in these tests comes from one address. */
const LIMITS = {
  LIMIT_LOGIN_ADDRESS: RATE,
  LIMIT_REGISTER: RATE,
  LIMIT_ANONYMOUS: RATE,
  LIMIT_FORGOT_ADDRESS: RATE,
  LIMIT_TOKEN: RATE,
  LIMIT_MAIL: RATE,
};

/** The server of `npm start` with its embedded defaults, on a port and in a folder of its own. */
export async function startGatehouse(env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-browser-'));
  const data = join(folder, 'data');
  const log = join(folder, 'log');
  const port = String(await freePort());
  const settings = { PORT: port, DATA_DIR: data, BCRYPT_COST: '4', ...LIMITS, ...env };
  const server = startChild({
    name: 'gatehouse',
    command: process.execPath,
    args: [resolve('scripts/start.mjs')],
    cwd: folder,
    env: { PATH: process.env.PATH, ...settings },
    output: openSync(log, 'w'),
  });
  async function stop() {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const url = `http://localhost:${port}`;
  const up = await Promise.race([answers(url), server.ended.then(() => false)]);
  if (!up) {
    const said = readFileSync(log, 'utf8');
    await stop();
    throw new Error(`the server did not start:\n${said}`);
  }
  const [outboxPage = ''] = /\/dev\/outbox\?key=\S+/.exec(readFileSync(log, 'utf8')) ?? [];
  return { url, outbox: join(data, 'outbox'), outboxPage, stop };
}

async function answers(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if ((await fetch(`${url}/health`).catch(() => null))?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
