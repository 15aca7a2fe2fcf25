import { decimals, row } from '../support/table.mjs';
import { bundle, ENTRIES } from '../support/workers.mjs';

/** The Worker, gzipped, beside those of the peers built in the same way. */
export async function measure({ log }) {
  const size = {};
  for (const [name, entry] of Object.entries(ENTRIES)) {
    log(name);
    size[name] = (await bundle(entry)).kib;
  }
  const compare = (against, goal) =>
    row({
      figure: 'Worker bundle, minified and gzipped, KiB',
      ours: size.rest,
      other: size[against],
      against,
      goal,
      as: decimals(0),
    });
  return { rows: [compare('betterAuth', { most: 0.4 }), compare('honoSessions')] };
}
