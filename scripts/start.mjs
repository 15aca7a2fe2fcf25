import { runBuilt } from './run-built.mjs';

await runBuilt('server');

// `npm start` runs this through a shell that keeps a SIGTERM to itself: when it is gone, so are we.
const shell = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === shell) return;
  clearInterval(watch);
  process.emit('SIGTERM', 'SIGTERM');
}, 200);
if (process.env.npm_lifecycle_event !== 'start') clearInterval(watch);
watch.unref();
