import { bundle } from './build.mjs';

// One process builds and then runs, so that a signal sent to it reaches what it started. The Worker
// is built only to find errors (esbuild prints them): wrangler reports those of its first build too,
// but then never builds again.
await bundle(['src/dev.ts', 'src/worker.ts'], 'dist').catch(() => process.exit(1));
await import('../dist/dev.js');
