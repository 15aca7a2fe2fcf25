import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { createEventStore } from '../../src/db/events-table.ts';
import { createEvents, type NewEvent } from '../../src/events/events.ts';
import { systemClock } from '../../src/time.ts';
import { DATABASES } from '../support/databases.ts';

const by = { ip: '192.0.2.7', userAgent: null, requestId: 'the-request', language: 'en' } as const;

/** Events on a database whose statements are counted, with the moment to write them at hand. */
function gathering(database: Database) {
  let statements = 0;
  const counted: Database = {
    ...database,
    run(work) {
      statements += 1;
      return database.run(work);
    },
  };
  const work: Promise<unknown>[] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const events = createEvents({
    store: createEventStore(counted),
    clock: systemClock,
    background: (_name, start) => void work.push(start()),
    gather: () => gate,
  });
  async function written() {
    open();
    await Promise.all(work);
    return statements;
  }
  return { events, written };
}

describe.each(Object.entries(DATABASES))('events that nobody waits for, on %s', (_, open) => {
  const userId = () => `gathered-${crypto.randomUUID()}`;

  it.each([
    [3, 1],
    [501, 2],
  ])('%i of one moment are written by %i statements, and none is lost', async (count, most) => {
    const [database, other] = await open();
    const { events, written } = gathering(database);
    const user = userId();
    const event: NewEvent = { kind: 'refused', userId: user, actorId: null, by };
    for (let i = 0; i < count; i += 1) events.record(event);
    expect(await written()).toBe(most);

    const reader = createEvents({
      store: createEventStore(other),
      clock: systemClock,
      background: () => {},
    });
    const found = await reader.list({ userId: user, limit: 1000 });
    expect(found).toHaveLength(count);
    expect(new Set(found.map(({ id }) => id)).size).toBe(count);
  });

  it('are there for who asks before they are written', async () => {
    const [database] = await open();
    const { events, written } = gathering(database);
    const user = userId();
    events.record({ kind: 'signed_in', userId: user, actorId: user, by });
    const found = await events.list({ userId: user, limit: 10 });
    expect(found.map(({ kind }) => kind)).toEqual(['signed_in']);
    await written();
    expect(await events.list({ userId: user, limit: 10 })).toHaveLength(1);
  });

  it('go with the next ones after a write that failed, and are there once', async () => {
    const [database] = await open();
    let broken: 'before' | 'after' | null = 'before';
    const failing: Database = {
      ...database,
      async run(work) {
        if (broken === 'before') throw new Error('down');
        const done = await database.run(work);
        if (broken === 'after') throw new Error('answer lost');
        return done;
      },
    };
    const work: Promise<unknown>[] = [];
    const background = (_name: string, start: () => Promise<unknown>) => void work.push(start());
    const events = createEvents({
      store: createEventStore(failing),
      clock: systemClock,
      background,
    });
    const user = userId();
    const event: NewEvent = { kind: 'signed_in', userId: user, actorId: user, by };
    events.record(event);
    await expect(Promise.all(work.splice(0))).rejects.toThrow('down');
    broken = 'after';
    events.record(event);
    await expect(Promise.all(work.splice(0))).rejects.toThrow('answer lost');
    broken = null;
    await events.prune(0);
    await Promise.all(work);
    expect(await events.list({ userId: user, limit: 10 })).toHaveLength(2);
  });
});
