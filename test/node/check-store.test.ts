import { describe, expect, it } from 'vitest';
import { checkStore } from '../../src/doctor/store.ts';
import type { RedisClient } from '../../src/redis/client.ts';
import { createEmbedded } from '../../src/redis/embedded.ts';
import { type Milliseconds, minutes, seconds } from '../../src/time.ts';

describe('a look at a store', () => {
  /** Without a process, so that time can be moved. */
  const look = (more: Partial<Parameters<typeof checkStore>[0]> = {}) => {
    const time = { now: seconds(1) };
    const store = createEmbedded({ path: ':memory:', clock: { now: () => time.now } });
    const wait = async (span: Milliseconds) => {
      time.now += span;
    };
    const findings = checkStore({
      open: async () => ({ ...store, close: async () => {} }),
      ...{ name: 'store.example', setting: 'REDIS_URL', host: 'store.example' },
      ...{ watch: { now: () => time.now }, wait, retention: null },
      ...more,
    });
    return { time, findings };
  };
  const notOk = async ({ findings }: ReturnType<typeof look>) =>
    (await findings).filter(({ mark }) => mark !== 'ok').map(({ mark, text }) => `${mark} ${text}`);

  it('takes less time than a person has patience for', async () => {
    const { time, findings } = look();
    expect((await findings).every(({ mark }) => mark === 'ok')).toBe(true);
    expect(time.now - seconds(1)).toBeLessThan(seconds(1));
  });

  it('sees that reads go to a replica', async () => {
    // The second connection leads to one that never catches up.
    const stores: RedisClient[] = [];
    let passed = seconds(1);
    const wait = async (span: Milliseconds) => {
      passed += span;
    };
    const open = async () => {
      const store = createEmbedded({ path: ':memory:', clock: { now: () => passed } });
      stores.push(store);
      return store;
    };
    const [line, ...more] = await notOk(look({ open, wait }));
    expect(line).toMatch(/^wrong 0 of 10 values .+ replica.+ Set REDIS_URL to the primary\.$/);
    expect(more).toEqual([]);
    expect(stores).toHaveLength(2);
  });

  it('says of Upstash what can not be told from here', async () => {
    const [line, ...more] = await notOk(look({ host: 'eu1-fond-owl-1.upstash.io' }));
    expect(line).toMatch(/^warn 10 of 10 .+ no read regions\.$/);
    expect(more).toEqual([]);
  });

  it('sees that values are gone too early', async () => {
    const time = { now: 0 };
    const store = createEmbedded({ path: ':memory:', clock: { now: () => time.now } });
    const wait = async () => {
      time.now += minutes(2);
    };
    const open = async () => ({ ...store, close: async () => {} });
    const lines = await notOk(look({ open, wait }));
    expect(lines).toEqual([expect.stringMatching(/^wrong .+ sessions would end early\.$/)]);
  });

  it('sees that it is far away', async () => {
    let now = 0;
    const watch = {
      now: () => {
        now += 120;
        return now;
      },
    };
    const lines = await notOk(look({ watch }));
    expect(lines).toEqual([
      expect.stringMatching(/^warn store\.example answers in 120\.0 ms, and/),
    ]);
  });
});
