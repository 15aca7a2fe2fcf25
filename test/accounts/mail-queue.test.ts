import { describe, expect, it } from 'vitest';
import { MailRefused, type Message } from '../../src/mail/mailer.ts';
import { days, hours, minutes, seconds } from '../../src/time.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import {
  changeEmail,
  deliver,
  everythingStored,
  forgot,
  INVALID,
  lettersTo,
  NEW_PASSWORD,
  otherServices,
  outcomeOf,
  queued,
  reset,
  resetSecret,
  secretTo,
} from '../support/mail.ts';
import { costOf, EMAIL } from '../support/requests.ts';
import { REST_OF_MAILER, secretIn } from '../support/test-mailer.ts';

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

  it('carries the same link and the same id at every try, while the link has half of its life', async () => {
    const { app } = await withAda();
    const { tries, delivery } = lostAnswers(app);
    await forgot(app);
    for (const span of [0, seconds(30), minutes(2)]) {
      await app.advance(span);
      await delivery?.run();
    }
    expect(tries).toHaveLength(3);
    expect(tries).toEqual(Array(3).fill(tries[0]));
    expect(await liveLinks(app)).toBe(1);
    await app.advance(hours(1));
    await delivery?.run();
    const [first, last] = [tries[0], tries.at(-1)];
    expect(last?.id).not.toBe(first?.id);
    expect(last?.secret).not.toBe(first?.secret);
    expect(await liveLinks(app)).toBe(1);
    expect(outcomeOf(await reset(app.client(), first?.secret ?? ''))).toEqual(INVALID);
    expect(outcomeOf(await reset(app.client(), last?.secret ?? ''))).toEqual([204]);
  });

  it('is not sent again once its link was used', async () => {
    const { app } = await withAda();
    const { tries, delivery } = lostAnswers(app);
    await forgot(app);
    await delivery?.run();
    expect(outcomeOf(await reset(app.client(), tries[0]?.secret ?? ''))).toEqual([204]);
    await app.advance(minutes(1));
    await delivery?.run();
    expect(tries.filter(({ id }) => id === tries[0]?.id)).toHaveLength(1);
    expect(outcomeOf(await reset(app.client(), tries[0]?.secret ?? ''))).toEqual(INVALID);
    expect((await queued(app)).map(({ purpose }) => purpose)).not.toContain('reset');
  });
});

describe('mail that is refused for good', () => {
  it('ends, and is an event that an admin sees', async () => {
    const { app } = await withAda();
    const { json } = await app
      .client()
      .post('/auth/login', { json: { email: EMAIL, password: PASSWORD } });
    await forgot(app);
    const mailer = {
      send: async () => {
        throw new MailRefused('SMTP 550 5.1.1 to RCPT TO');
      },
      ...REST_OF_MAILER,
    };
    const background: (() => Promise<void>)[] = [];
    const keepAlive = (work: () => Promise<void>) => void background.push(work);
    await otherServices(app, { mailer, keepAlive }).delivery?.run();
    for (const work of background) await work();
    expect(await queued(app)).toEqual([]);
    const line = JSON.parse(app.logged.find((text) => text.includes('for good')) ?? '{}');
    expect(line).toMatchObject({
      level: 'warn',
      purpose: 'reset',
      error: 'Fault: mail: SMTP 550 5.1.1 to RCPT TO',
    });
    const [event] = await app.sql(sql`SELECT * FROM events WHERE kind = 'mail_refused'`);
    expect(event).toMatchObject({ user_id: json.user.id, actor_id: null });
    const admin = await app.registered('admin@example.com');
    await app.sql(
      sql`UPDATE users SET roles = '["user","admin"]' WHERE email = 'admin@example.com'`,
    );
    await app.advance(minutes(11));
    const seen = await admin.client.get('/admin/events?kind=mail_refused');
    expect(seen.json.events).toMatchObject([{ kind: 'mail_refused', userId: json.user.id }]);
  });
});

/** Another process whose mail server takes each message, and whose answers are lost. */
function lostAnswers(app: TestApp) {
  const tries: { id: string; secret: string }[] = [];
  const mailer = {
    send: async (message: Message) => {
      tries.push({ id: message.id, secret: secretIn(message) });
      throw new Error('taken, but the answer is lost');
    },
    ...REST_OF_MAILER,
  };
  return { tries, delivery: otherServices(app, { mailer }).delivery };
}

const liveLinks = async (app: TestApp) =>
  (
    await app.sql(
      sql`SELECT 1 FROM link_tokens WHERE purpose = 'reset' AND expires_at > ${app.clock.now()}`,
    )
  ).length;

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
    expect(Object.keys(rows[0] ?? {})).toEqual([
      ...columns,
      'created_at',
      'attempts',
      'due_at',
      'link_at',
      'confirmed',
    ]);
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
