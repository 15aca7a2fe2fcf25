#!/usr/bin/env node
import { existsSync } from 'node:fs';

// As in scripts/start.mjs: without the development dependencies, what was built before.
const builder = await import('../scripts/build.mjs').catch((error) => {
  if (
    error.code !== 'ERR_MODULE_NOT_FOUND' ||
    !existsSync(new URL('../dist/cli.js', import.meta.url))
  )
    throw error;
});
await builder?.buildAll(['src/cli.ts']);
await import('../dist/cli.js');
