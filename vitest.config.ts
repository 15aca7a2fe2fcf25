import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';

/** Suites that need files, processes or sockets, and so run on Node alone. */
const NODE_ONLY = ['test/contracts/**/*.test.ts', 'test/node/**/*.test.ts'];

/** Suites of what only Workers have. */
const WORKERD_ONLY = 'test/workerd/**';

/** Has a configuration and a command of its own: `npm run test:browser`. */
const IN_A_BROWSER = 'test/browser/**';

export default defineConfig({
  test: {
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'test-results.json' }]]
      : ['default'],
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [WORKERD_ONLY, IN_A_BROWSER],
          globalSetup: 'test/support/global-setup.ts',
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: {
          name: 'workerd',
          include: ['test/**/*.test.ts'],
          exclude: [...NODE_ONLY, IN_A_BROWSER],
          globalSetup: 'test/support/global-setup.ts',
          // One database serves all suites of this runtime.
          fileParallelism: false,
        },
      },
    ],
  },
});
