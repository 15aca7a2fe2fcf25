import { describe, expect, it } from 'vitest';
import { createWriteTurns } from '../../src/session/write-turns.ts';
import { seconds } from '../../src/time.ts';
import { expectRefused, patch } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { otherServer } from '../support/requests.ts';

const DATA = '/auth/session/data';
const WRITERS = Array.from({ length: 20 }, (_, i) => `writer${i}`);

/** A server whose writers of one session go in turn, and tabs of one browser that is signed in there. */
async function oneBrowser(longestWait = seconds(20)) {
  const app = await createTestApp({ store: 'rest' });
  const { client } = await app.registered();
  await client.get('/auth/session');
  const browser = otherServer(app, {}, { inTurn: createWriteTurns(longestWait) });
  const tab = (): Client => {
    const opened = browser();
    opened.setCookie('gatehouse', client.cookie('gatehouse') ?? '');
    return opened;
  };
  return { app, client, tab };
}

describe('writers of one session in a process', () => {
  it('lose nothing and cost one write each, twenty at once', async () => {
    const { app, client, tab } = await oneBrowser();
    const tabs = WRITERS.map(tab);
    await app.asked();
    const answers = await Promise.all(
      tabs.map((one, i) => patch(one, DATA, { [WRITERS[i] ?? '']: 'kept' })),
    );
    const { commands } = await app.asked();
    expect(answers.map(({ status }) => status)).toEqual(WRITERS.map(() => 200));
    expect(Object.keys((await client.get(DATA)).json).sort()).toEqual([...WRITERS].sort());
    // Each is read, counted (LIMIT_WRITES) and written; reads of one moment are one command.
    expect(commands.filter((command) => command === 'EVAL')).toHaveLength(2 * WRITERS.length);
    expect(commands.filter((command) => command !== 'EVAL').length).toBeLessThanOrEqual(20);
  });

  it('do not wait for one that hangs', async () => {
    const { app, tab } = await oneBrowser(0);
    const held = app.redis.hold('compareAndSet');
    const slow = patch(tab(), DATA, { slow: true });
    await held.arrived;
    expect((await patch(tab(), DATA, { fast: true })).status).toBe(200);
    held.release();
    expect((await slow).json).toEqual({ fast: true, slow: true });
  });

  it('do not write with a token that the one before has replaced', async () => {
    const { app, client, tab } = await oneBrowser();
    const held = app.redis.hold('compareAndSet');
    const proving = tab().post('/auth/reauthenticate', { json: { password: PASSWORD } });
    await held.arrived;
    const late = patch(tab(), DATA, { late: true });
    // The late one has read its session, and waits for its turn.
    await app.asked();
    held.release();
    expect((await proving).status).toBe(200);
    expectRefused(await late, 401, 'not_signed_in');
    expect((await client.get(DATA)).json).toEqual({});
  });
});
