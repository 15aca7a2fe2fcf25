import { describe, expect, it } from 'vitest';
import { days, hours, seconds } from '../../src/time.ts';
import { sql, type TestApp } from '../support/app.ts';
import { EMAIL, login } from '../support/requests.ts';
import { besieged, counted, expectHeld, failing, guess, hundredfold } from '../support/tries.ts';

/** The waits after the fifth failure in a row and each further one. */
const WAITS = [30, 60, 120, 240, 480, 960, 1920, 3600, 3600].map(seconds);

/** What each try is answered in a row of failures, the refused ones included. */
async function seen(app: TestApp, email: string) {
  const answers: unknown[] = [];
  const look = async () => {
    const { status, json } = await guess(app.client(), { email });
    const { requestId, retryAfter = 0, ...body } = json;
    // As many seconds as passed meanwhile on a slow machine are no difference.
    answers.push({ status, ...body, retryAfter: Math.ceil(retryAfter / 10) });
  };
  for (let n = 0; n < 5; n += 1) await look();
  for (const wait of WAITS) {
    await look();
    await app.advance(wait);
    await look();
  }
  return answers;
}

describe('failed logins of one account', () => {
  it('are five for nothing; then each waits twice as long as the one before, up to an hour', async () => {
    const { app } = await besieged();
    for (const wait of WAITS) {
      expectHeld(await guess(app.client()), wait);
      await app.advance(wait - seconds(15));
      expect((await login(app.client())).status).toBe(429);
      await app.advance(seconds(15));
      await failing(1, app.client);
    }
  });

  it('are refused with the right password too, so that no guess is confirmed', async () => {
    const { app } = await besieged();
    const [right, wrong] = [await login(app.client()), await guess(app.client())];
    for (const answer of [right, wrong]) expectHeld(answer, seconds(30));
    expect(right.json.detail).toBe(wrong.json.detail);
  });

  it.each(['nobody', 'disabled', 'passwordless'])('look the same for %s', async (name) => {
    const { app } = await counted();
    for (const other of ['disabled', 'passwordless']) await app.registered(`${other}@example.com`);
    await app.sql(sql`UPDATE users SET disabled = 1 WHERE email = 'disabled@example.com'`);
    await app.sql(
      sql`UPDATE users SET password_hash = NULL WHERE email = 'passwordless@example.com'`,
    );
    const expected = await seen(app, EMAIL);
    expect(expected).toContainEqual(expect.objectContaining({ status: 429, retryAfter: 360 }));
    expect(await seen(app, `${name}@example.com`)).toEqual(expected);
  });

  it('do not keep another account waiting', async () => {
    const { app } = await besieged();
    await app.registered('bob@example.com');
    expect((await login(app.client(), { email: 'bob@example.com' })).status).toBe(200);
    await failing(5, app.client, { email: 'nobody@example.com' });
    expect((await guess(app.client(), { email: 'nobody2@example.com' })).status).toBe(401);
  });

  it('of before it was made keep nobody out of it', async () => {
    const { app } = await counted();
    await failing(5, app.client, { email: 'new@example.com' });
    expect((await guess(app.client(), { email: 'new@example.com' })).status).toBe(429);
    await app.registered('new@example.com');
    expect((await login(app.client(), { email: 'new@example.com' })).status).toBe(200);
  });

  it('start anew with a success', async () => {
    const { app } = await counted();
    for (let round = 0; round < 2; round += 1) {
      await failing(4, app.client);
      expect((await login(app.client())).status).toBe(200);
    }
    await failing(5, app.client);
    await app.advance(seconds(30));
    expect((await login(app.client())).status).toBe(200);
    await failing(5, app.client);
    expectHeld(await guess(app.client()), seconds(30));
  });

  it('follow the setting', async () => {
    const { app } = await counted({ env: { LIMIT_LOGIN_ACCOUNT: '2/15s..20s' } });
    await failing(2, app.client);
    for (const wait of [15, 20, 20].map(seconds)) {
      expectHeld(await login(app.client()), wait);
      await app.advance(wait);
      await failing(1, app.client);
    }
  });

  it('are not counted for a request that was refused unread', async () => {
    const { app } = await counted();
    for (let n = 0; n < 6; n += 1) {
      await app.client().post('/auth/login', { json: { email: EMAIL } });
      const origin = { origin: 'https://evil.example' };
      expect((await login(app.client(), {}, { headers: origin })).status).toBe(403);
    }
    await failing(5, app.client);
  });

  it('are at an end after a hundred in a row: waiting does not help any more', async () => {
    const { app } = await counted();
    await hundredfold(app, app.client);
    for (const wait of [0, hours(1), days(1), days(20)]) {
      await app.advance(wait);
      for (const answer of [await login(app.client()), await guess(app.client())]) {
        expectHeld(answer, hours(1));
      }
    }
  }, 60_000);
});
