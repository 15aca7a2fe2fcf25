import { existsSync } from 'node:fs';

// As in start.mjs: without the development dependencies, what was built before.
const builder = await import('./build.mjs').catch((error) => {
  if (
    error.code !== 'ERR_MODULE_NOT_FOUND' ||
    !existsSync(new URL('../dist/node/migrate.js', import.meta.url))
  )
    throw error;
});
await builder?.buildAll(['src/node/migrate.ts']);
await import('../dist/node/migrate.js');
