import { describe, expect, it } from 'vitest';
import { minutes } from '../../src/time.ts';
import { createTestApp } from '../support/app.ts';
import { forgot, lettersTo, otherServices, queued } from '../support/mail.ts';
import { EMAIL } from '../support/requests.ts';
import { REST_OF_MAILER } from '../support/test-mailer.ts';

async function withAda() {
  const app = await createTestApp();
  await app.registered();
  await app.settled();
  return { app };
}

describe('another process over the same database', () => {
  it('sends what the first one left behind when it ended', async () => {
    const { app } = await withAda();
    await forgot(app);
    // The first is gone before it did its background work.
    await otherServices(app).delivery?.run();
    expect(app.mail.sent.at(-1)?.to).toBe(EMAIL);
    expect(await queued(app)).toEqual([]);
    expect(await lettersTo(app)).toEqual(['verification', 'reset']);
  });

  it('sends all that waits, however much that is', async () => {
    const { app } = await withAda();
    for (let i = 0; i < 12; i += 1) await app.registered(`n${i}@example.com`);
    await otherServices(app).delivery?.run();
    expect(app.mail.sent).toHaveLength(13);
    expect(await queued(app)).toEqual([]);
  });

  it('sends what the first one had taken when it ended, once its lease is over', async () => {
    const { app } = await withAda();
    await forgot(app);
    let reached = () => {};
    const sending = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const hangs = {
      send: () => {
        reached();
        return new Promise<void>(() => {});
      },
      ...REST_OF_MAILER,
    };
    void otherServices(app, { mailer: hangs }).delivery?.run();
    await sending;
    const second = otherServices(app);
    await second.delivery?.run();
    expect(await lettersTo(app)).toEqual(['verification']);
    await app.advance(minutes(2) + 1000);
    await second.delivery?.run();
    expect(await lettersTo(app)).toEqual(['verification', 'reset']);
  });

  it('never sends what the other sends at the same time', async () => {
    const { app } = await withAda();
    const names = Array.from({ length: 12 }, (_, i) => `n${i}@example.com`);
    for (const email of names) await app.registered(email);
    const processes = Array.from({ length: 4 }, () => otherServices(app));
    await Promise.all(processes.map(({ delivery }) => delivery?.run()));
    const sent = app.mail.sent.map(({ to }) => to).sort();
    expect(sent).toEqual([EMAIL, ...names].sort());
  });
});
