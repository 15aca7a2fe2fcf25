import { decimals, row } from '../support/table.mjs';
import { bundle, ENTRIES } from '../support/workers.mjs';

/**
 * The Worker, gzipped, beside those of the peers built in the same way, and beside (b) as wrangler
 * builds it when nobody says anything else.
 */
export async function measure({ log }) {
  const size = {};
  for (const [name, entry] of Object.entries(ENTRIES)) {
    log(name);
    size[name] = (await bundle(entry)).kib;
  }
  log('betterAuth as it comes');
  const { kib } = await bundle(ENTRIES.betterAuth, { minified: false });
  const compare = (figure, against, other, goal) =>
    row({ figure, ours: size.rest, other, against, goal, as: decimals(0) });
  const same = 'Worker bundle, minified and gzipped, KiB';
  return {
    rows: [
      compare(same, 'betterAuth', size.betterAuth, { most: 0.4 }),
      compare('Worker bundle, each as deployed, gzipped, KiB', 'betterAuth', kib, { most: 0.4 }),
      compare(same, 'honoSessions', size.honoSessions),
    ],
  };
}
