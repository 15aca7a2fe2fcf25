#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// As in scripts/start.mjs: without the development dependencies, what was built before.
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const builder = await import('../scripts/build.mjs').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !existsSync('dist/cli.js')) throw error;
});
await builder?.buildAll(['src/cli.ts']);
await import('../dist/cli.js');
