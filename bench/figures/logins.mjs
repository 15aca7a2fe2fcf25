import { fileURLToPath } from 'node:url';
import { load, rounds } from '../support/measure.mjs';
import { run, SERVER_CORE } from '../support/processes.mjs';
import { signUp, startSubject } from '../support/subjects.mjs';
import { decimals, milliseconds, row } from '../support/table.mjs';

const HASHES = fileURLToPath(new URL('../support/hashes.mjs', import.meta.url));
const CLIENTS = 8;
/** The default on Node. */
const COST = 12;

/** Reads while clients log in without pause, and logins a second against the bare hash rate. */
export async function measure({ redis, options, log }) {
  const names = ['rest', 'express', 'betterAuth'];
  const servers = {};
  for (const name of names) {
    const server = await startSubject(name, redis, { cost: COST });
    const people = [];
    for (let i = 0; i < CLIENTS; i += 1) people.push(await signUp(server));
    servers[name] = { server, people };
  }
  const mixed = await rounds(options.rounds, names, async (name) => {
    log(`${name}: reads beside logins`);
    const { server, people } = servers[name];
    const cookies = people.map(({ cookie }) => cookie);
    const seconds = options.mixedSeconds;
    const logins = load(server, { ...loginsOf(servers[name]), seconds: seconds + 1 });
    const { p50, p99, rate } = await load(server, { cookies, seconds });
    return { p50, p99, rate, logins: (await logins).rate };
  });
  const amount = options.logins;
  const plain = await rounds(options.rounds, ['rest', 'hashes'], async (name) => {
    log(`${name}: logins alone`);
    if (name === 'hashes') return { rate: await hashRate(amount) };
    const { rate } = await load(servers.rest.server, { ...loginsOf(servers.rest), amount });
    return { rate };
  });
  for (const { server } of Object.values(servers)) await server.stop();

  const p99 = (name) => mixed.median[name].p99;
  const figure = `p99 of reads while ${CLIENTS} clients log in`;
  const compare = (other, most) =>
    row({
      figure,
      ours: p99('rest'),
      other: p99(other),
      against: other,
      goal: { most },
      as: milliseconds,
    });
  return {
    rows: [
      compare('express', 1 / 100),
      compare('betterAuth', 1 / 10),
      row({
        figure: `logins/s, cost ${COST}`,
        ours: plain.median.rest.rate,
        other: plain.median.hashes.rate,
        against: 'the bare native hash',
        goal: { least: 0.9 },
        as: decimals(2),
      }),
    ],
    table: {
      title: `Reads by 32 connections while ${CLIENTS} clients log in without pause`,
      head: ['server', 'reads/s', 'p50', 'p99', 'logins/s'],
      lines: names.map((name) => {
        const { rate, p50, p99: high, logins } = mixed.median[name];
        const { label } = servers[name].server;
        return [label, Math.round(rate), milliseconds(p50), milliseconds(high), logins.toFixed(2)];
      }),
    },
  };
}

function loginsOf({ server, people }) {
  const requests = people.map(({ email }) => server.api.signIn(email));
  return {
    url: server.url + requests[0].path,
    method: 'POST',
    connections: CLIENTS,
    headers: { 'content-type': 'application/json', origin: server.url },
    bodies: requests.map(({ json }) => JSON.stringify(json)),
  };
}

/** Hashes a second of the native bcrypt alone, on the server's core. */
async function hashRate(amount) {
  const args = [HASHES, String(COST), String(amount), String(CLIENTS)];
  return Number(await run(process.execPath, args, { core: SERVER_CORE }));
}
