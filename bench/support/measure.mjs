import { fileURLToPath } from 'node:url';
import { OTHER_CORE, run } from './processes.mjs';

const LOAD = fileURLToPath(new URL('load.mjs', import.meta.url));

/**
 * Puts load on a server from the second core; `load.mjs` says how. Answers requests per second
 * (`rate`), milliseconds (`p50`, `p99`) and the share of its core that the server used (`cpu`).
 * Throws when a single request failed: fast refusals are no figure.
 */
export async function load(subject, options) {
  const { url, api, pid } = subject;
  const all = { url: url + api.read, connections: 32, pid, ...options };
  const out = await run(process.execPath, [LOAD, JSON.stringify(all)], { core: OTHER_CORE });
  const result = JSON.parse(out);
  if (result.failed > 0) throw new Error(`${subject.label}: ${result.failed} requests failed`);
  return result;
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures every case once a round, in turn, so that what the machine does meanwhile meets all of
 * them alike. Answers all results, and the median of each number in them.
 */
export async function rounds(times, names, measure) {
  const all = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < times; round += 1) {
    for (const name of names) all[name].push(await measure(name));
  }
  const medians = names.map((name) => [name, medianOf(all[name])]);
  return { all, median: Object.fromEntries(medians) };
}

/** The median of each number in several results of one kind. */
function medianOf(results) {
  const keys = Object.keys(results[0]);
  return Object.fromEntries(keys.map((key) => [key, median(results.map((each) => each[key]))]));
}
