import { describe, expect, it } from 'vitest';
import { hours, type Milliseconds, minutes, seconds } from '../../src/time.ts';
import { listed, patch, sessionOf } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { login, otherServer } from '../support/requests.ts';

const SKEW = minutes(5);

/** Two servers over one store and one database, and two browsers of each session, one at each. */
async function twoServers(skew: Milliseconds, signInAt: 'first' | 'second') {
  const app = await createTestApp();
  await app.registered();
  const second = otherServer(app, {}, { clock: { now: () => app.clock.now() + skew } });
  const [one, two] = [app.client(), second()];
  const [here, there] = signInAt === 'first' ? [one, two] : [two, one];
  const { json } = await login(here);
  there.setCookie('gatehouse', here.cookie('gatehouse') ?? '');
  const used = (server: Client) => sessionOf(server.copy());
  return { app, servers: [one, two], one, two, used, session: json.session };
}

describe.each([
  ['ahead', SKEW, 'first'],
  ['ahead', SKEW, 'second'],
  ['behind', -SKEW, 'first'],
  ['behind', -SKEW, 'second'],
] as const)('a second server five minutes %s (%i ms), signed in at the %s', (_name, skew, at) => {
  it.each([0, 1])('knows the session at once, at either server: %i', async (which) => {
    const { servers, session, used } = await twoServers(skew, at);
    const [server] = servers.slice(which);
    expect(server && (await used(server))).toBe(session.id);
  });

  it.each([0, 1])('ends it no more than five minutes early or late, asked at %i', async (which) => {
    const early = await twoServers(skew, at);
    await early.app.advance(hours(1) - SKEW - seconds(10));
    const [asked] = early.servers.slice(which);
    expect(asked && (await early.used(asked))).toBe(early.session.id);

    const late = await twoServers(skew, at);
    await late.app.advance(hours(1) + SKEW + seconds(10));
    const [again] = late.servers.slice(which);
    expect(again && (await late.used(again))).toBeUndefined();
  });

  it('counts use at one for the other', async () => {
    const { app, one, two, used, session } = await twoServers(skew, at);
    for (let round = 0; round < 6; round += 1) {
      await app.advance(minutes(40));
      expect(await used(round % 2 === 0 ? two : one), `round ${round}`).toBe(session.id);
    }
    // The last use was at the first one, and is good for an hour at both.
    await app.advance(hours(1) - SKEW - seconds(10));
    expect(await used(two)).toBe(session.id);
  });

  it('holds the absolute end, however much it is used', async () => {
    const { app, one, two, used, session } = await twoServers(skew, at);
    for (let spent = 0; spent < hours(23.5); spent += minutes(30)) {
      await app.advance(minutes(30));
      expect(await used((spent / minutes(30)) % 2 === 0 ? one : two)).toBe(session.id);
    }
    await app.advance(minutes(30) - SKEW * 2 - seconds(10));
    for (const server of [one, two]) {
      const { json } = await server.get('/auth/session');
      expect(json.session.absoluteExpiresAt).toBe(session.absoluteExpiresAt);
    }
    await app.advance(SKEW * 4 + seconds(20));
    for (const server of [one, two]) expect(await used(server)).toBeUndefined();
  });

  it('never moves the last use back, and loses no data', async () => {
    const { app, one, two } = await twoServers(skew, at);
    const seen: number[] = [];
    for (const server of [one, two, one, two]) {
      await app.advance(seconds(30));
      expect((await patch(server, '/auth/session/data', { [seen.length]: 1 })).status).toBe(200);
      const { json } = await server.get('/auth/session');
      seen.push(Date.parse(json.session.lastSeenAt));
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const kept = { 0: 1, 1: 1, 2: 1, 3: 1 };
    expect((await one.get('/auth/session/data')).json).toEqual(kept);
  });
});

describe('a server whose clock is ahead', () => {
  it('lists no session that it would not let in, while the other one still does', async () => {
    const { app, one, two, used, session } = await twoServers(SKEW, 'first');
    await app.advance(hours(1) - SKEW / 2);
    const listedAt = async (server: Client) => {
      const browser = server.copy();
      browser.setCookie('gatehouse', '');
      await login(browser);
      return (await listed(browser)).map(({ id }) => id);
    };
    expect(await listedAt(two)).not.toContain(session.id);
    expect(await listedAt(one)).toContain(session.id);
    expect(await used(two)).toBeUndefined();
    expect(await used(one)).toBe(session.id);
  });
});
