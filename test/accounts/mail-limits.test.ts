import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/time.ts';
import { remove } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import {
  changeEmail,
  deliver,
  forgot,
  lettersTo,
  NEW_PASSWORD,
  queued,
  reset,
  secretTo,
  verify,
} from '../support/mail.ts';
import { EMAIL } from '../support/requests.ts';

/** Ada, who has had one mail this hour: that of her registration. */
async function withAda(env: Record<string, string> = {}) {
  const app = await createTestApp({ env: { LIMIT_FORGOT_ACCOUNT: '100/1h', ...env } });
  const { client } = await app.registered();
  await app.settled();
  return { app, client };
}

async function forgotTimes(app: TestApp, times: number, email = EMAIL) {
  for (let i = 0; i < times; i += 1) expect((await forgot(app, email)).status).toBe(202);
  await app.settled();
}

describe('mail to one recipient', () => {
  it('waits after the third in an hour, whatever it is for, and is sent then', async () => {
    const { app } = await withAda();
    await forgotTimes(app, 3);
    expect(await lettersTo(app)).toEqual(['verification', 'reset', 'reset']);
    const waits = app.logged.filter((line) => line.includes('mail waits'));
    expect(waits).toEqual([expect.stringMatching(/"purpose":"reset","wait":3[56]\d\d/)]);
    await app.advance(minutes(59));
    await deliver(app);
    expect(app.mail.sent).toHaveLength(3);
    await app.advance(minutes(1) + seconds(2));
    await deliver(app);
    expect(await lettersTo(app)).toEqual(['verification', 'reset', 'reset', 'reset']);
    expect(await queued(app)).toEqual([]);
  });

  it('that others cause keeps nobody from a reset', async () => {
    const { app } = await withAda();
    const mallory = (await app.registered('mallory@example.com')).client;
    for (let i = 0; i < 3; i += 1) expect((await changeEmail(mallory, EMAIL)).status).toBe(202);
    await app.settled();
    expect(await queued(app)).toHaveLength(1);
    await forgotTimes(app, 2);
    // One that was asked for goes out, whatever else did; the next one waits like all others.
    const sent = await lettersTo(app);
    expect([sent.length, sent.filter((kind) => kind === 'reset')]).toEqual([4, ['reset']]);
    const answer = await reset(app.client(), await secretTo(app, 'reset'));
    expect(answer.status).toBe(204);
  });

  it('that others cause keeps nobody from a reset that could not be sent at first', async () => {
    const { app } = await withAda();
    const mallory = (await app.registered('mallory@example.com')).client;
    for (let i = 0; i < 3; i += 1) await changeEmail(mallory, EMAIL);
    await app.settled();
    app.mail.down = true;
    await forgot(app);
    await app.settled();
    expect(await lettersTo(app)).not.toContain('reset');
    app.mail.down = false;
    await app.advance(seconds(11));
    await deliver(app);
    expect(await lettersTo(app)).toContain('reset');
  });

  it('works when it is late: its link is made when it is sent', async () => {
    const { app } = await withAda();
    await forgotTimes(app, 3);
    await app.advance(hours(1) + seconds(2));
    await deliver(app);
    expect((await reset(app.client(), await secretTo(app, 'reset'))).status).toBe(204);
  });

  it('does not wait for what others get', async () => {
    const { app } = await withAda();
    await app.registered('bob@example.com');
    await forgotTimes(app, 4);
    await forgotTimes(app, 1, 'bob@example.com');
    expect(await lettersTo(app, 'bob@example.com')).toEqual(['verification', 'reset']);
  });

  it('is as much as LIMIT_MAIL says', async () => {
    const { app } = await withAda({ LIMIT_MAIL: '5/1d' });
    await forgotTimes(app, 6);
    expect(await lettersTo(app)).toHaveLength(5);
    await app.advance(hours(23));
    await deliver(app);
    expect(await lettersTo(app)).toHaveLength(5);
  });

  it('is counted when it is sent, not when the transport failed', async () => {
    const { app } = await withAda();
    app.mail.down = true;
    await forgotTimes(app, 1);
    for (let i = 0; i < 4; i += 1) {
      await app.advance(minutes(5));
      await deliver(app);
    }
    app.mail.down = false;
    await forgotTimes(app, 1);
    await app.advance(minutes(15));
    await deliver(app);
    expect(await lettersTo(app)).toEqual(['verification', 'reset', 'reset']);
  });

  it('is not counted where nothing goes out, because nobody has the address', async () => {
    const { app } = await withAda();
    await forgotTimes(app, 5, 'bob@example.com');
    await app.registered('bob@example.com');
    await forgotTimes(app, 2, 'bob@example.com');
    expect(await lettersTo(app, 'bob@example.com')).toEqual(['verification', 'reset', 'reset']);
  });

  it('is not sent past the limit while the store is down, and is tried again', async () => {
    const app = await createTestApp({ store: 'rest' });
    await app.registered();
    await app.breakStore('down');
    await app.settled();
    expect(app.mail.sent).toEqual([]);
    await app.breakStore(null);
    await app.advance(seconds(11));
    await deliver(app);
    expect(await lettersTo(app)).toEqual(['verification']);
  });
});

describe('what the owner of a confirmed address is told', () => {
  /** Ada, who has confirmed her address. */
  async function withConfirmed() {
    const made = await withAda();
    const token = await secretTo(made.app, 'verification');
    expect((await verify(made.app.client(), token)).status).toBe(204);
    return made;
  }

  /** An address that has had its mail for this hour. */
  async function withFullBox() {
    const made = await withConfirmed();
    await forgotTimes(made.app, 2);
    expect(await lettersTo(made.app)).toHaveLength(3);
    return made;
  }

  it('of a changed password is sent at once', async () => {
    const { app, client } = await withFullBox();
    const json = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    await client.post('/auth/password', { json });
    expect((await lettersTo(app)).at(-1)).toBe('password_changed');
  });

  it('of an address asked for and changed is sent at once', async () => {
    const { app, client } = await withFullBox();
    await changeEmail(client, 'new@example.com');
    const token = await secretTo(app, 'change_email', 'new@example.com');
    expect((await lettersTo(app)).at(-1)).toBe('change_email_asked');
    await app.client().post('/auth/email/verify', { json: { token, password: PASSWORD } });
    expect((await lettersTo(app)).at(-1)).toBe('email_changed');
  });

  it('of the end of the account is sent at once', async () => {
    const { app, client } = await withFullBox();
    await remove(client, '/auth/user', { json: { password: PASSWORD } });
    expect((await lettersTo(app)).at(-1)).toBe('account_deleted');
  });

  it('makes no room for other mail when it could not be sent', async () => {
    const { app, client } = await withConfirmed();
    app.mail.down = true;
    const json = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    await client.post('/auth/password', { json });
    await app.settled();
    app.mail.down = false;
    await forgotTimes(app, 3);
    expect((await lettersTo(app)).filter((kind) => kind === 'reset')).toHaveLength(2);
  });

  it('does not keep other mail from being sent', async () => {
    const { app, client } = await withConfirmed();
    let [old, fresh] = [PASSWORD, NEW_PASSWORD];
    for (let i = 0; i < 4; i += 1) {
      const json = { currentPassword: old, newPassword: fresh };
      expect((await client.post('/auth/password', { json })).status).toBe(204);
      [old, fresh] = [fresh, old];
    }
    await forgotTimes(app, 2);
    expect((await lettersTo(app)).filter((kind) => kind === 'reset')).toHaveLength(2);
  });
});

describe('what was asked for in vain', () => {
  it('is dropped from the queue', async () => {
    const { app } = await withAda();
    await forgotTimes(app, 3, 'nobody@example.com');
    expect(await queued(app)).toEqual([]);
    expect(await app.sql(sql`SELECT purpose FROM link_tokens`)).toEqual([
      { purpose: 'verification' },
    ]);
  });
});
