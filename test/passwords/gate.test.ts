import { describe, expect, it } from 'vitest';
import { createGate, openGate } from '../../src/passwords/gate.ts';
import { type Bcrypt, createPasswords } from '../../src/passwords/passwords.ts';
import { runtime } from '../support/runtime.ts';

const ADA = ['network 192.0.2.1', 'account ada'];
const EVE = ['network 192.0.2.66', 'account eve'];

/** Work that ends when the test says so. */
function job() {
  let started = false;
  let resolve = (_: string) => {};
  let reject = (_: Error) => {};
  const end = new Promise<string>((...settle) => {
    [resolve, reject] = settle;
  });
  const work = () => {
    started = true;
    return end;
  };
  return {
    work,
    started: () => started,
    finish: () => resolve('done'),
    fail: () => reject(new Error('no')),
  };
}

/** Lets everything go on that can. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('a gate', () => {
  it('runs so many at once, and the next when one has ended, in order', async () => {
    const gate = createGate({ concurrency: 2, queue: 2 });
    const jobs = [job(), job(), job(), job()];
    const results = jobs.map(({ work }) => gate.run(work, ADA));
    const started = () => jobs.map((one) => one.started());
    await settled();
    expect(started()).toEqual([true, true, false, false]);
    jobs[1]?.finish();
    await settled();
    expect(started()).toEqual([true, true, true, false]);
    jobs[0]?.finish();
    await settled();
    expect(started()).toEqual([true, true, true, true]);
    for (const { finish } of jobs) finish();
    expect(await Promise.all(results)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('turns away at once what the queue has no place for, and does not run it', async () => {
    const gate = createGate({ concurrency: 1, queue: 1 });
    const [running, waiting, tooMany] = [job(), job(), job()];
    const results = [gate.run(running.work, ADA), gate.run(waiting.work, ADA)];
    expect(await gate.run(tooMany.work, ADA)).toBeNull();
    running.finish();
    waiting.finish();
    await Promise.all(results);
    expect(tooMany.started()).toBe(false);
  });

  it('has all its places again afterwards, and no more', async () => {
    const gate = createGate({ concurrency: 2, queue: 1 });
    for (let round = 0; round < 3; round += 1) {
      const jobs = [job(), job(), job()];
      const results = jobs.map(({ work }) => gate.run(work, ADA));
      await settled();
      expect(jobs.map((one) => one.started())).toEqual([true, true, false]);
      expect(await gate.run(job().work, ADA)).toBeNull();
      for (const { finish } of jobs) finish();
      await Promise.all(results);
    }
  });

  it('hands a place on when work fails, whether it waits for it or not', async () => {
    const gate = createGate({ concurrency: 1, queue: 1 });
    const [failing, next] = [job(), job()];
    const failed = gate.run(failing.work, ADA);
    const after = gate.run(next.work, ADA);
    failing.fail();
    await expect(failed).rejects.toThrow('no');
    next.finish();
    expect(await after).toBe('done');

    const thrown = gate.run(() => {
      throw new Error('at once');
    }, ADA);
    await expect(thrown).rejects.toThrow('at once');
    expect(await gate.run(async () => 'free', ADA)).toBe('free');
  });

  it('lets nobody slip in before who waits', async () => {
    const gate = createGate({ concurrency: 1, queue: 1 });
    const [first, waiting, late] = [job(), job(), job()];
    const results = [gate.run(first.work, ADA), gate.run(waiting.work, ADA)];
    // Comes in at the very moment at which the place is handed on.
    const slipped = results[0]?.then(() => gate.run(late.work, ADA));
    first.finish();
    await settled();
    expect([waiting.started(), late.started()]).toEqual([true, false]);
    waiting.finish();
    late.finish();
    expect(await slipped).toBe('done');
  });

  it('makes room for others, and turns the newest of whoever holds most places away', async () => {
    const gate = createGate({ concurrency: 1, queue: 8 });
    const eves = Array.from({ length: 9 }, job);
    const results = eves.map(({ work }) => gate.run(work, EVE));
    // Eve displaces nobody of her own address or account.
    expect(await gate.run(job().work, EVE)).toBeNull();
    const adas = Array.from({ length: 6 }, job);
    for (const { work } of adas) results.push(gate.run(work, ADA));
    // Each of them holds a half of the places now, which is more than a quarter.
    const mia = job();
    results.push(gate.run(mia.work, ['network 192.0.2.7']));
    for (const { finish } of [...eves, ...adas, mia]) finish();
    const outcomes = await Promise.all(results);
    const turnedAway = (from: number, to: number) =>
      outcomes.slice(from, to).filter((outcome) => outcome === null).length;
    expect(outcomes.slice(0, 4)).toEqual(Array(4).fill('done'));
    expect([turnedAway(0, 9), turnedAway(9, 15), outcomes.at(-1)]).toEqual([5, 2, 'done']);
  });

  it('leaves a quarter of the places to whoever has them', async () => {
    const gate = createGate({ concurrency: 1, queue: 4 });
    const people = ['a', 'b', 'c', 'd', 'e'].map((name) => [`network ${name}`]);
    const jobs = people.map(() => job());
    const results = jobs.map(({ work }, at) => gate.run(work, people[at] ?? []));
    expect(await gate.run(job().work, ADA)).toBeNull();
    for (const { finish } of jobs) finish();
    expect(await Promise.all(results)).toEqual(jobs.map(() => 'done'));
  });

  it('lets those go first who have least running', async () => {
    const gate = createGate({ concurrency: 2, queue: 8 });
    const eves = Array.from({ length: 4 }, job);
    for (const { work } of eves) void gate.run(work, EVE);
    const ada = job();
    const answer = gate.run(ada.work, ADA);
    eves[0]?.finish();
    await settled();
    expect([ada.started(), eves[2]?.started()]).toEqual([true, false]);
    for (const { finish } of [...eves, ada]) finish();
    expect(await answer).toBe('done');
  });

  it('without limits runs everything at once', async () => {
    const jobs = Array.from({ length: 50 }, job);
    const results = jobs.map(({ work }) => openGate.run(work, ADA));
    expect(jobs.every((one) => one.started())).toBe(true);
    for (const { finish } of jobs) finish();
    expect(await Promise.all(results)).toEqual(jobs.map(() => 'done'));
  });
});

describe('passwords behind a full gate', () => {
  it('are refused at once, hashed or verified, without a hash being spent', async () => {
    const gate = createGate({ concurrency: 1, queue: 0 });
    let asked = 0;
    const bcrypt: Bcrypt = (input, settings) => {
      asked += 1;
      return runtime.bcrypt(input, settings);
    };
    const { hash, verify } = createPasswords({ bcrypt, gate, cost: 4 });
    const running = job();
    const busy = gate.run(running.work, ADA);
    const refused = { ok: false, code: 'overloaded', retryAfter: 1 };
    expect(await hash('password', ADA)).toEqual(refused);
    expect(await verify('password', '$2b$04$', ADA)).toEqual(refused);
    expect(await verify('password', null, ADA)).toEqual(refused);
    expect(asked).toBe(0);
    running.finish();
    await busy;
    expect(await hash('password', ADA)).toMatchObject({ ok: true });
  });
});
