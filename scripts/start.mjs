import { existsSync } from 'node:fs';

// One process builds and then serves, so that a signal sent to it reaches the server. Without the
// development dependencies (after `npm prune --omit=dev`) it serves what was built before.
const builder = await import('./build.mjs').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !existsSync('dist/node.js')) throw error;
});
await builder?.buildAll();
await import('../dist/node.js');
