import { describe, expect, it } from 'vitest';
import { days, hours, minutes, seconds } from '../../src/time.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import {
  changeEmail,
  deliver,
  everythingStored,
  forgot,
  lettersTo,
  NEW_PASSWORD,
  otherServices,
  queued,
  reset,
  resetSecret,
  secretTo,
} from '../support/mail.ts';
import { costOf } from '../support/requests.ts';
import { secretIn } from '../support/test-mailer.ts';

async function withAda(env: Record<string, string> = {}) {
  const app = await createTestApp({ store: 'rest', env });
  const { client } = await app.registered();
  await app.settled();
  return { app, client };
}

/** Seconds from now until the one mail that waits is due. */
async function dueIn(app: TestApp): Promise<number> {
  const [row, ...others] = await queued(app);
  expect(others).toEqual([]);
  return Math.round((Number(row?.due_at) - app.clock.now()) / 1000);
}

describe('mail while the transport is down', () => {
  it('is promised as usual, and sent when it is up again', async () => {
    const { app } = await withAda();
    const usual = await costOf(app, () => forgot(app));
    await app.settled();
    app.mail.down = true;
    let status = 0;
    const cost = await costOf(app, async () => {
      status = (await forgot(app)).status;
    });
    expect([status, cost]).toEqual([202, usual]);
    await app.settled();
    app.mail.down = false;
    await deliver(app);
    expect(await lettersTo(app)).toEqual(['verification', 'reset']);
    await app.advance(seconds(11));
    await deliver(app);
    expect(await lettersTo(app)).toEqual(['verification', 'reset', 'reset']);
    expect((await reset(app.client(), await secretTo(app, 'reset'))).status).toBe(204);
  });

  it('fails no registration, no change of the password and no deletion', async () => {
    const { app, client } = await withAda();
    app.mail.down = true;
    expect((await app.registered('bob@example.com')).user.email).toBe('bob@example.com');
    const json = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await client.post('/auth/password', { json })).status).toBe(204);
    const gone = { json: { password: NEW_PASSWORD } };
    expect((await client.request('DELETE', '/auth/user', gone)).status).toBe(204);
    await app.settled();
    app.mail.down = false;
    await app.advance(minutes(1));
    await deliver(app);
    const told = ['verification', 'account_deleted', 'password_changed'];
    expect((await lettersTo(app)).sort()).toEqual(told.sort());
  });

  it('is tried again with growing delays, until it was a day', async () => {
    const { app } = await withAda();
    app.mail.down = true;
    await forgot(app);
    await app.settled();
    const delays = [];
    for (let wait = await dueIn(app); ; wait = await dueIn(app)) {
      delays.push(wait);
      await app.advance(seconds(wait) - 500);
      await deliver(app);
      expect(await dueIn(app)).toBeLessThanOrEqual(1);
      await app.advance(1000);
      await deliver(app);
      if ((await queued(app)).length === 0) break;
    }
    expect(delays.slice(0, 7)).toEqual([10, 30, 90, 270, 810, 2430, 3600]);
    expect(new Set(delays.slice(7))).toEqual(new Set([3600]));
    const total = delays.reduce((sum, delay) => sum + delay, 0);
    expect(total).toBeGreaterThan(days(1) / 1000);
    expect(total).toBeLessThan((days(1) + hours(1)) / 1000 + 60);
    const last = app.logged.at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({
      level: 'error',
      message: 'mail was given up after a day',
      purpose: 'reset',
    });
    app.mail.down = false;
    await deliver(app);
    expect(await lettersTo(app)).toEqual(['verification']);
  });

  it('says so in the log, and neither to whom nor what', async () => {
    const { app } = await withAda();
    app.mail.down = true;
    await forgot(app);
    await app.settled();
    const line = JSON.parse(app.logged.at(-1) ?? '{}');
    expect(line).toMatchObject({ level: 'warn', purpose: 'reset', attempts: 1, retryAfter: 10 });
    // Not `ada`, which an id may well hold.
    expect(app.logged.join()).not.toMatch(/ada@|example\.com|token/);
  });

  it('carries another secret and another id at every try', async () => {
    const { app } = await withAda();
    const sent: string[] = [];
    const mailer = {
      send: async (message: { id: string; text: string }) => {
        sent.push(message.id, secretIn(message as never));
        throw new Error('taken, but the answer is lost');
      },
      close: async () => {},
    };
    await forgot(app);
    const { delivery } = otherServices(app, { mailer });
    for (let i = 0; i < 3; i += 1) {
      await delivery?.run();
      await app.advance(hours(1));
    }
    expect(new Set(sent).size).toBe(6);
  });
});

describe('what waits in the queue', () => {
  it('holds no secret, and none is made before the mail is sent', async () => {
    const { app, client } = await withAda();
    app.mail.down = true;
    await forgot(app);
    await changeEmail(client, 'new@example.com');
    const rows = await queued(app);
    expect(rows.map(({ purpose }) => purpose)).toEqual([
      'reset',
      'change_email',
      'change_email_asked',
    ]);
    const columns = ['id', 'purpose', 'user_id', 'address', 'name', 'epoch', 'language'];
    expect(Object.keys(rows[0] ?? {})).toEqual([...columns, 'created_at', 'attempts', 'due_at']);
    const links = await app.sql(sql`SELECT purpose FROM link_tokens`);
    expect(links).toEqual([{ purpose: 'verification' }]);
  });

  it('leaves no more than a digest of a secret at rest once it was sent', async () => {
    const { app } = await withAda();
    const secret = await resetSecret(app);
    expect(await everythingStored(app)).not.toContain(secret);
    expect(app.logged.join()).not.toContain(secret);
    await reset(app.client(), secret);
    await reset(app.client(), secret);
    expect(await everythingStored(app)).not.toContain(secret);
    expect(app.logged.join()).not.toContain(secret);
  });
});
