import fs, { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keptSecret } from '../../src/node/secret-file.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-secret-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('the kept secret', () => {
  it('is made once, and is the same after a restart', () => {
    const path = join(newFolder(), 'session-secret');
    const secret = keptSecret(path);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    const before = readFileSync(path, 'utf8');
    expect(keptSecret(path)).toBe(secret);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('is another one in every folder', () => {
    const secrets = [1, 2, 3].map(() => keptSecret(join(newFolder(), 'session-secret')));
    expect(new Set(secrets).size).toBe(3);
  });

  it('can be read by its owner alone, whatever the umask', () => {
    const path = join(newFolder(), 'session-secret');
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    keptSecret(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('may be one of somebody else, with white space around it', () => {
    const path = join(newFolder(), 'session-secret');
    writeFileSync(path, `  ${'s'.repeat(32)}\n\n`);
    expect(keptSecret(path)).toBe('s'.repeat(32));
  });

  it.each(['', '\n', 's'.repeat(31), `${' '.repeat(40)}\n`])(
    'is not taken from a file with %j',
    (content) => {
      const path = join(newFolder(), 'session-secret');
      writeFileSync(path, content);
      expect(() => keptSecret(path)).toThrow(
        `${path} holds no secret; delete it to make a new one, which ends all sessions`,
      );
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it('of a short file is not in the error', () => {
    const path = join(newFolder(), 'kept');
    writeFileSync(path, 'hunter2');
    expect(() => keptSecret(path)).toThrow(/^(?!.*hunter2)/);
  });

  it('is not made where the folder is missing, and the error names the path', () => {
    const path = join(newFolder(), 'missing', 'session-secret');
    expect(() => keptSecret(path)).toThrow(path);
  });

  it('is made on a file system without hard links too', () => {
    const { linkSync } = fs;
    const refusing = () => {
      throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
    };
    const restore = () => {
      Object.assign(fs, { linkSync });
      syncBuiltinESMExports();
    };
    onTestFinished(restore);
    Object.assign(fs, { linkSync: refusing });
    syncBuiltinESMExports();
    const folder = newFolder();
    const path = join(folder, 'session-secret');
    const secret = keptSecret(path);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(keptSecret(path)).toBe(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(folder)).toEqual(['session-secret']);
  });

  it('is the same for two processes that start at once', async () => {
    const folder = newFolder();
    const module = join(folder, 'secret-file.cjs');
    const entryPoints = ['src/node/secret-file.ts'];
    await build({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile: module });
    const workerData = { folder, module, rounds: 150, arrived: new SharedArrayBuffer(4) };
    const [first, second] = await Promise.all([1, 2].map(() => answerOf(workerData)));
    expect(new Set(first).size).toBe(150);
    expect(first?.filter((secret, round) => secret !== second?.[round])).toEqual([]);
  });
});

/** Asks for one secret a round, in each at the same moment as the other one. */
const RACER = `
const { parentPort, workerData: { folder, module, rounds, arrived } } = require('node:worker_threads');
const { keptSecret } = require(module);
const counter = new Int32Array(arrived);
const answers = [];
for (let round = 1; round <= rounds; round += 1) {
  Atomics.add(counter, 0, 1);
  while (Atomics.load(counter, 0) < 2 * round);
  try { answers.push(keptSecret(folder + '/' + round)); } catch (error) { answers.push(error.message); }
}
parentPort.postMessage(answers);`;

function answerOf(workerData: object): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(RACER, { eval: true, workerData });
    worker.once('message', resolve).once('error', reject);
  });
}
