import { describe, expect, it } from 'vitest';
import { hours, seconds } from '../../src/time.ts';
import { remove } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { deliver, lettersTo, NEW_PASSWORD, queued, secretTo, verify } from '../support/mail.ts';

const STRANGER = 'stranger@example.com';

/** Mallory's account has the address of a stranger, who has had the mail of the registration. */
async function withStranger() {
  const app = await createTestApp();
  const { client } = await app.registered(STRANGER);
  await app.settled();
  return { app, client };
}

/** Changes the password to and fro, and leaves it as it was. */
async function toAndFro(app: TestApp, client: Client, times: number) {
  for (let i = 0; i < times; i += 1) {
    for (const [currentPassword, newPassword] of [
      [PASSWORD, NEW_PASSWORD],
      [NEW_PASSWORD, PASSWORD],
    ]) {
      const { status } = await client.post('/auth/password', {
        json: { currentPassword, newPassword },
      });
      expect(status).toBe(204);
      await app.settled();
    }
  }
}

const waiting = async (app: TestApp) => (await queued(app)).map(({ purpose }) => purpose);

describe('notices to an address that nobody has confirmed', () => {
  it('count against LIMIT_MAIL, so that changes to and fro flood no stranger', async () => {
    const { app, client } = await withStranger();
    await toAndFro(app, client, 3);
    const allowed = ['verification', 'password_changed', 'password_changed'];
    expect(await lettersTo(app, STRANGER)).toEqual(allowed);
    await app.advance(hours(1) + seconds(2));
    await deliver(app);
    expect(await lettersTo(app, STRANGER)).toEqual([...allowed, 'password_changed']);
  });

  it('do not pile up: one that waits tells of the next change too', async () => {
    const { app, client } = await withStranger();
    await toAndFro(app, client, 3);
    expect(await waiting(app)).toEqual(['password_changed']);
  });

  it('count when the account is gone by the time they are sent', async () => {
    const { app, client } = await withStranger();
    await toAndFro(app, client, 1);
    await remove(client, '/auth/user', { json: { password: PASSWORD } });
    await app.settled();
    expect(await lettersTo(app, STRANGER)).toHaveLength(3);
    expect(await waiting(app)).toEqual(['account_deleted']);
  });

  it('go by what was confirmed when they were put in, not when they are sent', async () => {
    const { app, client } = await withStranger();
    await verify(app.client(), await secretTo(app, 'verification', STRANGER));
    app.mail.down = true;
    await toAndFro(app, client, 2);
    await app.sql(sql`UPDATE users SET email_verified = 0`);
    app.mail.down = false;
    await app.advance(seconds(11));
    await deliver(app);
    expect(await lettersTo(app, STRANGER)).toHaveLength(1 + 4);
  });

  it('count when they were queued by a version that did not know', async () => {
    const { app } = await withStranger();
    for (let i = 0; i < 4; i += 1) {
      const id = `0-${i}`;
      await app.sql(sql`
        INSERT INTO mail_queue (id, purpose, address, language, created_at, due_at)
        VALUES (${id}, 'password_changed', ${STRANGER}, 'en', ${app.clock.now()}, 0)`);
    }
    await deliver(app);
    expect(await lettersTo(app, STRANGER)).toHaveLength(3);
  });
});
