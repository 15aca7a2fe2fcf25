import { existsSync } from 'node:fs';

// One process builds and then serves, so that a signal sent to it reaches the server. Without the
// development dependencies (after `npm prune --omit=dev`) it serves what was built before.
const builder = await import('./build.mjs').catch((error) => {
  if (
    error.code !== 'ERR_MODULE_NOT_FOUND' ||
    !existsSync(new URL('../dist/node.js', import.meta.url))
  )
    throw error;
});
await builder?.buildAll(['src/node.ts']);
await import('../dist/node.js');

// `npm start` runs this through a shell that keeps a SIGTERM to itself: when it is gone, so are we.
const shell = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === shell) return;
  clearInterval(watch);
  process.emit('SIGTERM');
}, 200);
if (process.env.npm_lifecycle_event !== 'start') clearInterval(watch);
watch.unref();
