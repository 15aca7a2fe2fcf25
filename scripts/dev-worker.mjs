import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { unstable_startWorker as startWorker } from 'wrangler';

/**
 * Runs the Worker as `wrangler dev` does. That command has no switch for the inspector of workerd,
 * which takes connections from any page of a browser (it reads no `Origin`), and through which code
 * can be run with the Worker's settings. So it is off here unless `--inspect` asks for it.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'env-file': { type: 'string' },
    inspect: { type: 'boolean', default: false },
  },
});

const worker = await startWorker({
  config: fileURLToPath(new URL('../wrangler.toml', import.meta.url)),
  envFiles: [values['env-file']],
  // What the flag `nodejs_compat` of wrangler.toml means there; without it the build warns.
  build: { nodejsCompatMode: 'v2' },
  dev: {
    remote: false,
    server: { hostname: '127.0.0.1', port: Number(values.port) },
    inspector: values.inspect ? { hostname: '127.0.0.1' } : false,
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => worker.dispose().finally(() => process.exit(0)));
}
await worker.ready;
if (values.inspect) console.log(`The inspector listens at ${await worker.inspectorUrl}`);
