import { existsSync, statfsSync } from 'node:fs';
import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';

/** Suites that need files, processes or sockets, and so run on Node alone. */
const NODE_ONLY = ['test/contracts/**/*.test.ts', 'test/node/**/*.test.ts'];

/** Suites of what only Workers have. */
const WORKERD_ONLY = 'test/workerd/**';

/** Has a configuration and a command of its own: `npm run test:browser`. */
const IN_A_BROWSER = 'test/browser/**';

/** Other runtimes and generators of clients, in folders of `test`. */
const INSTALLED = '**/node_modules/**';

const SHARED = {
  include: ['test/**/*.test.ts'],
  globalSetup: 'test/support/global-setup.ts',
  // No test is about time; a machine that is busy with other things takes its own.
  testTimeout: 20_000,
  // Every suite makes its own application; the modules that it is made of are loaded once.
  isolate: false,
};

/** A disk of memory. On a slow one, writers wait for each other until nothing goes on. */
const MEMORY = '/dev/shm';
const ROOM = 2 ** 30;

if (existsSync(MEMORY)) {
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize > ROOM) process.env.TMPDIR = MEMORY;
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'test-results.json' }]]
      : ['default'],
    projects: [
      {
        test: {
          name: 'node',
          ...SHARED,
          globalSetup: [SHARED.globalSetup, 'test/support/build.mjs'],
          exclude: [WORKERD_ONLY, IN_A_BROWSER, INSTALLED],
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: {
          name: 'workerd',
          ...SHARED,
          exclude: [...NODE_ONLY, IN_A_BROWSER, INSTALLED],
        },
      },
    ],
  },
});
