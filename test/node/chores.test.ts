import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createKeeper, startChores } from '../../src/node/chores.ts';
import type { Services } from '../../src/services.ts';
import { days, minutes, seconds } from '../../src/time.ts';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import { forgot, lettersTo, otherServices, queued } from '../support/mail.ts';
import { EMAIL } from '../support/requests.ts';
import { REST_OF_MAILER } from '../support/test-mailer.ts';

/** What is loaded late takes a while on a slow machine. */
const PATIENT = { timeout: 10_000 };

/** An app with Ada, whose mail of welcome waits, and timers that a test moves. */
async function withAda() {
  const app = await createTestApp();
  await app.client().post('/auth/register', { json: { email: EMAIL, password: PASSWORD } });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  return {
    app,
    begin(services: Services = app.services) {
      const chores = startChores(services);
      onTestFinished(() => chores.stop());
      return chores;
    },
    async pass(span: number) {
      await app.advance(span);
      await vi.advanceTimersByTimeAsync(span);
    },
  };
}

const sentTo = (app: Awaited<ReturnType<typeof createTestApp>>) =>
  app.mail.sent.map(({ to }) => to);

describe('what a process does beside answering', () => {
  it('sends at once what is due, such as what the one before left behind', async () => {
    const { app, begin, pass } = await withAda();
    begin();
    await pass(0);
    await vi.waitFor(() => expect(sentTo(app)).toEqual([EMAIL]), PATIENT);
    await vi.waitFor(async () => expect(await queued(app)).toEqual([]), PATIENT);
  });

  it('sends what another process put in or could not send, within ten seconds', async () => {
    const { app, begin, pass } = await withAda();
    begin();
    await pass(seconds(1));
    await forgot(app);
    await pass(seconds(8));
    expect(sentTo(app)).toEqual([EMAIL]);
    await pass(seconds(1));
    expect(await lettersTo(app)).toEqual(['verification', 'reset']);
    app.mail.down = true;
    await forgot(app);
    await pass(seconds(10));
    app.mail.down = false;
    await pass(seconds(9));
    expect(sentTo(app)).toHaveLength(2);
    await pass(seconds(2));
    expect(sentTo(app)).toHaveLength(3);
  });

  it('goes on after the database was down, and says so', async () => {
    const { app, begin, pass } = await withAda();
    app.breakDatabase('status-500');
    begin();
    await vi.waitFor(() => expect(app.logged.join()).toContain('sending mail failed'), PATIENT);
    await vi.waitFor(() => expect(app.logged.join()).toContain('pruning failed'), PATIENT);
    app.breakDatabase(null);
    expect(sentTo(app)).toEqual([]);
    await pass(seconds(10));
    expect(sentTo(app)).toEqual([EMAIL]);
  });

  it('drops links and events that are past their time, at once and every half hour', async () => {
    const { app, begin, pass } = await withAda();
    await app.settled();
    const link = (digest: string, expiresAt: number) =>
      app.sql(sql`
        INSERT INTO link_tokens (digest, purpose, address, expires_at)
        VALUES (${digest}, 'reset', 'a@example.com', ${expiresAt})`);
    const event = (id: string, at: number) =>
      app.sql(
        sql`INSERT INTO events (id, kind, request_id, at) VALUES (${id}, 'refused', '', ${at})`,
      );
    const kept = async () => [
      ...(await app.sql(sql`SELECT digest FROM link_tokens WHERE purpose = 'reset'`)),
      ...(await app.sql(sql`SELECT id FROM events WHERE kind = 'refused'`)),
    ];
    const now = app.clock.now();
    await link('old', now - 1);
    await link('later', now + minutes(29));
    await link('valid', now + minutes(40));
    await event('old', now - days(90) - 1);
    await event('later', now - days(90) + minutes(29));
    await event('valid', now - days(90) + minutes(40));
    begin();
    await pass(0);
    const later = [{ digest: 'later' }, { digest: 'valid' }, { id: 'later' }, { id: 'valid' }];
    expect(await kept()).toEqual(later);
    await pass(minutes(30) - 1000);
    expect(await kept()).toEqual(later);
    await pass(2000);
    expect(await kept()).toEqual([{ digest: 'valid' }, { id: 'valid' }]);
  });

  it('only drops what is old where there is no transport', async () => {
    const { app, begin, pass } = await withAda();
    begin(otherServices(app, { mailer: null }));
    await pass(minutes(1));
    expect(await queued(app)).toHaveLength(1);
    expect(app.logged.join()).not.toContain('failed');
  });

  it('ends when what is under way has ended, and does nothing after that', async () => {
    const { app, begin, pass } = await withAda();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let sending = () => {};
    const reached = new Promise<void>((resolve) => {
      sending = resolve;
    });
    const mailer = {
      async send(message: Parameters<typeof app.mail.mailer.send>[0]) {
        sending();
        await held;
        await app.mail.mailer.send(message);
      },
      ...REST_OF_MAILER,
    };
    const chores = begin(otherServices(app, { mailer }));
    await reached;
    let stopped = false;
    const stopping = chores.stop().then(() => {
      stopped = true;
    });
    await pass(seconds(1));
    expect(stopped).toBe(false);
    release();
    await stopping;
    expect(sentTo(app)).toEqual([EMAIL]);
    await forgot(app);
    await pass(minutes(5));
    expect(sentTo(app)).toEqual([EMAIL]);
  });
});

describe('work that no answer waits for', () => {
  it('is waited for before the process ends, and what it starts as well', async () => {
    const { keepAlive, drain } = createKeeper();
    const done: string[] = [];
    const steps: (() => void)[] = [];
    const step = () => new Promise<void>((resolve) => steps.push(resolve));
    keepAlive(async () => {
      await step();
      done.push('first');
      keepAlive(async () => {
        await step();
        done.push('second');
      });
    });
    const drained = drain().then(() => done.push('drained'));
    steps.shift()?.();
    await vi.waitFor(() => expect(steps).toHaveLength(1));
    expect(done).toEqual(['first']);
    steps.shift()?.();
    await drained;
    expect(done).toEqual(['first', 'second', 'drained']);
  });
});
