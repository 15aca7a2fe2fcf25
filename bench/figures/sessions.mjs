import { expect } from '../support/client.mjs';
import { copyPerson } from '../support/copies.mjs';
import { median } from '../support/measure.mjs';
import { checkSignedIn, identityOf, signIn, signUp, startSubject } from '../support/subjects.mjs';
import { count, milliseconds, row } from '../support/table.mjs';

const OTHERS = 20_000;
/** Milliseconds: what lives for less is a cache. */
const CACHES = 15 * 60_000;
const NAMES = ['rest', 'express', 'betterAuth'];

/**
 * Listing one's own sessions and logging out everywhere with many sessions of others stored, and
 * what a session takes up in Redis. The cost of a hash is low, because it is no part of this.
 */
export async function measure({ redis, options, log }) {
  const found = {};
  for (const name of NAMES) {
    log(name);
    await redis.client.flushAll();
    const server = await startSubject(name, redis, { cost: 4 });
    found[name] = await measureServer(server, redis, options.tries);
    await server.stop();
  }
  const ours = found.rest;
  const latency = (figure, which) =>
    row({
      figure: `${figure}, ${count(OTHERS)} sessions of others`,
      ours: ours.full[which],
      other: ours.full.read,
      against: 'its read, one round trip',
      goal: { most: 2 },
      as: milliseconds,
    });
  const bytes = (figure, which, goal) =>
    row({
      figure: `Redis bytes a session, ${figure}`,
      ours: ours[which],
      other: found.betterAuth[which],
      against: 'betterAuth',
      goal,
      as: count,
    });
  return {
    rows: [
      latency('list own sessions', 'list'),
      latency('log out everywhere', 'revokeAll'),
      bytes('one a user, all included', 'bytes', { atMost: 850 }),
      bytes('one a user, without caches', 'lastingBytes'),
    ],
    table: {
      title: `One client, with ${count(OTHERS)} sessions of others, and without`,
      head: [
        'server',
        'read',
        'list',
        'log out',
        'read alone',
        'list alone',
        'log out alone',
        'bytes',
      ],
      lines: Object.values(found).map(({ label, full, empty, bytes }) => [
        label,
        ...[full, empty].flatMap(({ read, list, revokeAll }) =>
          [read, list, revokeAll].map(milliseconds),
        ),
        count(bytes),
      ]),
    },
  };
}

async function measureServer(server, redis, tries) {
  const empty = await latencies(server, tries);
  await redis.client.flushAll();
  const identity = await identityOf(server, await signUp(server));
  const lastingBytes = await bytesOfCopies(redis, identity, CACHES);
  await redis.client.flushAll();
  // Its records go with the rest, so it is another person who is copied now.
  const again = await signUp(server);
  const bytes = await bytesOfCopies(redis, await identityOf(server, again), 0);
  const full = await latencies(server, tries);
  return { label: server.label, empty, full, bytes, lastingBytes };
}

/** What Redis grows by for each copy of a person with one session. */
async function bytesOfCopies(redis, identity, lasting) {
  const before = await redis.usedMemory();
  await copyPerson(redis, identity, OTHERS, { lasting });
  return ((await redis.usedMemory()) - before) / OTHERS;
}

/** Medians of one request at a time, by somebody signed in on three devices. */
export async function latencies(server, tries) {
  const { url, api } = server;
  const { email } = await signUp(server);
  const spent = { read: [], list: [], revokeAll: [], login: [] };
  for (let i = 0; i < tries; i += 1) {
    for (let device = 0; device < 2; device += 1) await signIn(server, email);
    const login = await signIn(server, email);
    const { cookies: cookie } = login;
    await checkSignedIn(server, email, cookie);
    spent.login.push(login.milliseconds);
    spent.read.push((await expect(200, url, { path: api.read, cookie })).milliseconds);
    spent.list.push((await expect(200, url, { ...api.list, cookie })).milliseconds);
    spent.revokeAll.push((await expect(200, url, { ...api.revokeAll, cookie })).milliseconds);
  }
  return Object.fromEntries(Object.entries(spent).map(([key, all]) => [key, median(all)]));
}
