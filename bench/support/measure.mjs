import { fileURLToPath } from 'node:url';
import { cpuTime, OTHER_CORE, run } from './processes.mjs';

const LOAD = fileURLToPath(new URL('load.mjs', import.meta.url));
const READS = fileURLToPath(new URL('reads.lua', import.meta.url));
const CONNECTIONS = 32;

/**
 * Puts load on a server from the second core; `load.mjs` says how. Answers requests per second
 * (`rate`), milliseconds (`p50`, `p99`) and the share of its core that the server used (`cpu`).
 * Throws when a single request failed: fast refusals are no figure.
 */
export async function load(subject, options) {
  const { url, api, pid } = subject;
  const all = { url: url + api.read, connections: CONNECTIONS, pid, ...options };
  const out = await run(process.execPath, [LOAD, JSON.stringify(all)], { core: OTHER_CORE });
  return checked(subject, JSON.parse(out));
}

/**
 * Reads of the session as fast as they are answered, each with the next of the `cookies`. By wrk,
 * which takes so little of the second core that Redis has the rest of it.
 */
export async function reads(subject, { cookies = [], seconds }) {
  const { url, api, pid } = subject;
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--timeout', '30s', '-s', READS];
  const cpu = cpuTime(pid);
  const out = await run('wrk', [...args, url + api.read, '--', ...cookies], { core: OTHER_CORE });
  const used = cpuTime(pid) - cpu;
  const { requests, ...result } = checked(subject, JSON.parse(out.slice(out.lastIndexOf('{'))));
  return { ...result, cpu: (used / 1000 / requests) * result.rate };
}

function checked(subject, result) {
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
