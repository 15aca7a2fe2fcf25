import { reads, rounds } from '../support/measure.mjs';
import { residentMemory } from '../support/processes.mjs';
import { signUp, startSubject } from '../support/subjects.mjs';
import { count, decimals, milliseconds, row, share } from '../support/table.mjs';

const GATEHOUSE = ['rest', 'tcp', 'embedded'];
const PEERS = ['express', 'betterAuth', 'honoSessions'];
const FLOORS = ['bare', 'plainRest', 'plainTcp', 'plainSql'];
const PEOPLE = 8;

/** Signed-in, anonymous and forged reads by 32 connections, and the memory that is left behind. */
export async function measure({ redis, options, log }) {
  await redis.client.set('floor', JSON.stringify({ value: 'x'.repeat(600) }));
  const servers = {};
  for (const name of [...GATEHOUSE, ...PEERS, ...FLOORS]) {
    log(`starting ${name}`);
    servers[name] = await startSubject(name, redis);
  }
  const cases = {};
  for (const name of FLOORS) cases[name] = { server: servers[name] };
  for (const name of [...GATEHOUSE, ...PEERS]) {
    cases[name] = { server: servers[name], cookies: await signUpSeveral(servers[name]) };
  }
  const [genuine] = cases.rest.cookies;
  cases.anonymous = { server: servers.rest };
  cases.forged = { server: servers.rest, cookies: [forged(genuine)] };

  for (const { server, cookies } of Object.values(cases)) {
    await reads(server, { cookies, seconds: options.warmUp });
  }
  const results = await rounds(options.rounds, Object.keys(cases), (name) => {
    log(name);
    return reads(cases[name].server, { cookies: cases[name].cookies, seconds: options.seconds });
  });
  const memory = Object.fromEntries(
    Object.entries(servers).map(([name, { pid }]) => [name, residentMemory(pid)]),
  );
  for (const server of Object.values(servers)) await server.stop();
  return { rows: rowsOf(results, memory), table: tableOf(cases, results, memory) };
}

async function signUpSeveral(server) {
  const cookies = [];
  for (let i = 0; i < PEOPLE; i += 1) cookies.push((await signUp(server)).cookie);
  return cookies;
}

/** Another secret under the same MAC: the right form, which the server has never made. */
function forged(cookie) {
  const [id, secret, ...rest] = cookie.split('.');
  return [id, 'A'.repeat(secret.length), ...rest].join('.');
}

function rowsOf(results, memory) {
  const { median: rate } = results;
  const compare = (figure, name, other, goal) =>
    row({
      figure,
      ours: rate[name].rate,
      other: rate[other].rate,
      against: other,
      goal,
      as: count,
    });
  const signedIn = 'signed-in reads, requests/s';
  const bestP99 = Math.min(...PEERS.map((name) => rate[name].p99));
  const best = PEERS.find((name) => rate[name].p99 === bestP99);
  return [
    compare(signedIn, 'rest', 'express', { least: 8 }),
    compare(signedIn, 'rest', 'betterAuth', { least: 7 }),
    compare(signedIn, 'rest', 'honoSessions', { least: 40 }),
    compare(signedIn, 'rest', 'plainRest', { least: 10 }),
    compare(signedIn, 'rest', 'bare', { least: 0.35 }),
    row({
      figure: 'their p99',
      ours: rate.rest.p99,
      other: bestP99,
      against: best,
      goal: { most: 1 / 5 },
      as: milliseconds,
    }),
    compare('anonymous reads, requests/s', 'anonymous', 'bare', { least: 0.5 }),
    compare('forged-cookie reads, requests/s', 'forged', 'bare', { least: 0.5 }),
    compare('signed-in reads over TCP, requests/s', 'tcp', 'plainTcp', { least: 0.8 }),
    compare('signed-in reads, embedded store, requests/s', 'embedded', 'plainSql', { least: 0.6 }),
    row({
      figure: 'resident memory after the load, MiB',
      ours: memory.rest,
      goal: { atMost: 120 },
      as: decimals(0),
    }),
  ];
}

function tableOf(cases, { median: medians, all }, memory) {
  const labels = {
    anonymous: 'Gatehouse, REST: anonymous',
    forged: 'Gatehouse, REST: forged cookie',
  };
  return {
    title: 'Reads by 32 connections, one core',
    head: [
      'server',
      'requests/s',
      'lowest to highest',
      'p50',
      'p99',
      'core used',
      'CPU a request',
      'MiB after it',
    ],
    lines: Object.entries(cases).map(([name, { server }]) => {
      const rates = all[name].map(({ rate }) => rate);
      const { rate, p50, p99, cpu } = medians[name];
      return [
        labels[name] ?? server.label,
        count(rate),
        `${count(Math.min(...rates))} to ${count(Math.max(...rates))}`,
        milliseconds(p50),
        milliseconds(p99),
        `${Math.round(cpu * 100)} %`,
        share(cpu, rate),
        labels[name] ? '' : Math.round(memory[name]),
      ];
    }),
  };
}
