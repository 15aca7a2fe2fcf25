import { describe, expect, it } from 'vitest';
import { seconds } from '../../src/time.ts';
import { patch, sessionOf } from '../support/accounts.ts';
import { PASSWORD, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { NEW_PASSWORD, reset, resetSecret } from '../support/mail.ts';
import { login, otherServer } from '../support/requests.ts';
import { runtime } from '../support/runtime.ts';
import { besieged, counted, expectHeld, failing, guess, hundredfold } from '../support/tries.ts';

describe("a stranger's failures", () => {
  it('leave the live sessions of the owner alone, and what a password is asked for there', async () => {
    const { app, owner } = await besieged();
    expectHeld(await login(app.client()), seconds(30));
    expect(await sessionOf(owner)).toBeDefined();
    expect((await patch(owner, '/auth/session/data', { a: 1 })).status).toBe(200);
    const proof = await owner.post('/auth/reauthenticate', { json: { password: PASSWORD } });
    expect(proof.status).toBe(200);
    const json = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await owner.post('/auth/password', { json })).status).toBe(204);
    expect(await sessionOf(owner)).toBeDefined();
  });

  it('are forgotten by a reset', async () => {
    const { app } = await besieged();
    expect((await reset(app.client(), await resetSecret(app))).status).toBe(204);
    expect((await login(app.client(), { password: NEW_PASSWORD })).status).toBe(200);
  });

  it('are forgotten by a reset also after a hundred in a row', async () => {
    const { app } = await counted();
    await hundredfold(app, app.client);
    expect((await login(app.client())).status).toBe(429);
    expect((await reset(app.client(), await resetSecret(app))).status).toBe(204);
    expect((await login(app.client(), { password: NEW_PASSWORD })).status).toBe(200);
  }, 60_000);

  it('are not forgotten by asking for a reset, nor by a link that does not work', async () => {
    const { app } = await besieged();
    await resetSecret(app);
    expect((await reset(app.client(), 'no-such-link')).status).toBe(400);
    const weak = await reset(app.client(), await resetSecret(app), 'short');
    expect(weak.status).toBe(400);
    expectHeld(await login(app.client()), seconds(30));
  });
});

/** As many tries are left as if there had been none before. */
async function expectAllLeft(app: TestApp): Promise<void> {
  await failing(5, app.client);
  expectHeld(await login(app.client()), seconds(30));
}

async function expectStatus(status: number, browser: () => Client, attempt = guess) {
  for (let n = 0; n < 6; n += 1) expect((await attempt(browser())).status).toBe(status);
}

describe('a try that was none', () => {
  it('is given back when there was no time to look at it', async () => {
    const { app } = await counted();
    await expectStatus(503, otherServer(app, {}, { gate: { run: async () => null } }));
    await expectAllLeft(app);
  });

  it('is given back when looking at it went wrong', async () => {
    const { app } = await counted();
    const bcrypt = () => Promise.reject(new Error('broken'));
    await expectStatus(500, otherServer(app, {}, { bcrypt }));
    await expectAllLeft(app);
  });

  it('is given back when the database fails', async () => {
    const { app } = await counted();
    app.breakDatabase('status-500');
    await expectStatus(503, app.client);
    app.breakDatabase(null);
    await expectAllLeft(app);
  });

  it('is given back when the database fails with the password found right', async () => {
    const { app } = await counted();
    // A hash of a higher cost is to be stored, which fails.
    const browser = otherServer(app, { bcryptCost: 5 });
    for (let n = 0; n < 6; n += 1) {
      const counting = app.redis.hold('countTry', 'after');
      const entering = login(browser());
      await counting.arrived;
      app.breakDatabase('status-500');
      counting.release();
      expect((await entering).status).toBe(503);
      app.breakDatabase(null);
    }
    await expectAllLeft(app);
  });

  it('takes the wait that it made away with it', async () => {
    const { app } = await counted();
    await failing(4, app.client);
    const busy = otherServer(app, {}, { gate: { run: async () => null } });
    expect((await guess(busy())).status).toBe(503);
    await failing(1, app.client);
  });
});

describe('without the store', () => {
  it.each([0, 1])(
    'nobody is let in and no password looked at: %i commands go well',
    async (after) => {
      const { app } = await counted({ store: 'rest' });
      let hashes = 0;
      const bcrypt = (input: string, settings: string) => {
        hashes += 1;
        return runtime.bcrypt(input, settings);
      };
      const browser = otherServer(app, {}, { bcrypt });
      for (const attempt of [login, guess]) {
        await app.breakStore('status-500', after);
        const { status, json, cookies } = await attempt(browser());
        expect([status, json.code, cookies]).toEqual([503, 'unavailable', []]);
      }
      expect(hashes).toBe(0);
    },
  );
});
