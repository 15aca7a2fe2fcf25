import autocannon from 'autocannon';
import { cpuTime } from './processes.mjs';

/**
 * Puts load on one address, and prints what came of it as JSON. Runs in a process of its own so
 * that it can be held to a core:
 * `node load.mjs '{"url": …, "seconds" or "amount": …, "connections": …, "cookies": […], "pid": …}'`
 */
const {
  url,
  seconds,
  amount,
  connections,
  cookies = [],
  bodies,
  headers,
  method,
  pid,
} = JSON.parse(process.argv[2]);

let latencies = new Float64Array(1 << 16);
let count = 0;
let last = 0;
/** When each client sent the request that it is waiting for. */
const waitingSince = new Map();
const cpu = pid ? cpuTime(pid) : 0;
const started = performance.now();
const instance = autocannon({
  url,
  connections,
  ...(amount ? { amount } : { duration: seconds }),
  method: method ?? 'GET',
  timeout: 30,
  setupClient(client) {
    const i = waitingSince.size;
    const cookie = cookies[i % cookies.length];
    const all = { ...headers, ...(cookie ? { cookie } : {}) };
    if (bodies) client.setHeadersAndBody(all, bodies[i % bodies.length]);
    else client.setHeaders(all);
    waitingSince.set(client, performance.now());
  },
});
instance.on('response', (client, _status, _bytes, milliseconds) => {
  record(milliseconds);
  last = performance.now();
  waitingSince.set(client, last);
});

function record(milliseconds) {
  if (count === latencies.length) {
    const more = new Float64Array(count * 2);
    more.set(latencies);
    latencies = more;
  }
  latencies[count] = milliseconds;
  count += 1;
}

const result = await instance;
const elapsed = (amount ? last - started : result.duration * 1000) / 1000;
const rate = result['2xx'] / elapsed;
// A server that let everybody wait until the end must not look fast by the few that it served.
const end = performance.now();
const usual = at(0.99);
for (const since of waitingSince.values()) if (end - since > usual) record(end - since);
process.stdout.write(
  JSON.stringify({
    rate,
    p50: at(0.5),
    p99: at(0.99),
    cpu: pid ? (cpuTime(pid) - cpu) / 1000 / elapsed : null,
    failed: result.non2xx + result.errors + result.timeouts,
  }),
);

/** The latency that a share of all requests stayed below. */
function at(share) {
  const sorted = latencies.slice(0, count).sort();
  return sorted[Math.min(count - 1, Math.floor(count * share))] ?? 0;
}
