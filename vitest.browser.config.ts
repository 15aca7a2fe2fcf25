import { defineConfig } from 'vitest/config';

/** What people see: the server as `npm start` runs it, in the system's Chromium. */
export default defineConfig({
  test: {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    globalSetup: 'test/browser/support/setup.ts',
    // Each has a Chromium of its own, which is several processes.
    maxWorkers: 2,
    // A browser and a server start, on a machine that may be busy.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'test-results-browser.json' }]]
      : ['default'],
  },
});
