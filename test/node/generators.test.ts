import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PASSWORD } from '../support/app.ts';
import { browserFetch } from '../support/browser-fetch.ts';
import { start, temporaryFolder } from '../support/server.ts';

const FOLDER = resolve('test/generators');
const GENERATED = resolve(FOLDER, 'generated');
const INSTALL = 'npm ci --prefix test/generators';
const run = promisify(execFile);

// The generators are many packages, so they are not among the project's own.
const installed = existsSync(resolve(FOLDER, 'node_modules'));
if (!installed) {
  const note = `The generators are not installed, so no client is generated (${INSTALL}).`;
  if (process.env.CI) throw new Error(note);
  console.warn(`SKIPPED: ${note}`);
}

const serve = () => start({ DATA_DIR: temporaryFolder(), BCRYPT_COST: '4' });

afterEach(() => vi.unstubAllGlobals());

describe.runIf(installed)('generators of clients', { timeout: 120_000 }, () => {
  it('make clients of /openapi.json that compile under strict', async () => {
    const { url } = await serve();
    rmSync(GENERATED, { recursive: true, force: true });
    mkdirSync(GENERATED);
    const document = resolve(GENERATED, 'openapi.json');
    writeFileSync(document, await (await fetch(`${url}/openapi.json`)).text());
    await run(process.execPath, [resolve(FOLDER, 'generate.mjs'), document, GENERATED]);
    const compiler = resolve('node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [compiler, '-p', FOLDER]).catch(
      (error) => error,
    );
    expect(stdout).toBe('');
  });

  it.each(['openapi-fetch', 'orval', 'hey-api'])(
    'make clients that sign up, in and out: %s',
    async (name) => {
      const { url } = await serve();
      vi.stubGlobal('fetch', browserFetch(url));
      const { open } = await import(/* @vite-ignore */ resolve(FOLDER, `clients/${name}.ts`));
      const client = open(url);
      const email = 'ada@example.com';
      expect(await client.current()).toBeNull();
      expect(await client.register(email, 'short')).toBe('invalid_request');
      expect(await client.register(email, PASSWORD)).toBe(email);
      expect(await client.register(email, PASSWORD)).toBe('email_taken');
      expect(await client.current()).toBe(email);
      expect(await client.keepTheme('dark')).toBe('dark');
      expect(await client.logout()).toBe(204);
      expect(await client.current()).toBeNull();
      expect(await client.login(email, 'wrong')).toBe('invalid_credentials');
      expect(await client.login(email, PASSWORD)).toBe(email);
      expect(await client.current()).toBe(email);
    },
  );

  it('leave nothing to lint in the document, with the recommended rules of Redocly', async () => {
    const { url } = await serve();
    const env = {
      ...process.env,
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    };
    const document = resolve(temporaryFolder(), 'openapi.json');
    writeFileSync(document, await (await fetch(`${url}/openapi.json`)).text());
    const cli = resolve(FOLDER, 'node_modules/@redocly/cli/bin/cli.js');
    const { stdout } = await run(
      process.execPath,
      [cli, 'lint', document, '--extends=recommended', '--format=json'],
      { env },
    ).catch((error) => error);
    const { totals, problems } = JSON.parse(stdout);
    expect(problems).toEqual([]);
    expect(totals).toMatchObject({ errors: 0, warnings: 0 });
  });
});
