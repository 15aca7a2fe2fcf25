import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import { everyStep, expectHonest, FAILURES } from '../support/failing.ts';
import {
  changeEmail,
  disown,
  NEW_PASSWORD,
  otherServices,
  outcomeOf,
  reset,
  secretTo,
  verify,
  verifyChange,
} from '../support/mail.ts';
import { login } from '../support/requests.ts';

const isIn = async (client: ReturnType<TestApp['client']>) =>
  (await client.get('/auth/session')).json.user !== null;

async function rowOf(app: TestApp, email: string) {
  const [row] = await app.sql(sql`SELECT * FROM users WHERE email = ${email}`);
  return row;
}

/** Said to be done, done once, and then refused; or not done, and done when asked again. */
const again = (done: boolean, success: number) => (done ? [400, 'invalid_token'] : [success]);

describe.each(FAILURES)('a link, with every step in turn failing: %s', (how) => {
  it('confirms the address, or can be used again', async () => {
    const steps = await everyStep(how, async ({ app, email, client, failing }) => {
      const { client: browser } = await app.registered(email);
      await browser.get('/auth/session');
      const token = await secretTo(app, 'verification', email);
      const { status } = await failing(() => verify(client(), token));
      const done = (await rowOf(app, email))?.email_verified === 1;
      expectHonest(done, status, how);
      const { user } = (await browser.get('/auth/session')).json;
      expect(user.emailVerified).toBe(done);
      expect(outcomeOf(await verify(app.client(), token))).toEqual(again(done, 204));
      expect((await rowOf(app, email))?.email_verified).toBe(1);
    });
    expect(steps.length).toBeGreaterThanOrEqual(5);
  });

  it('moves the account, or can be used again', async () => {
    const steps = await everyStep(how, async ({ app, email, client, failing }) => {
      const moved = `moved-${email}`;
      const { client: browser } = await app.registered(email);
      await browser.get('/auth/session');
      await changeEmail(browser, moved);
      const token = await secretTo(app, 'change_email', moved);
      const { status } = await failing(() => verifyChange(client(), token));
      const done = (await rowOf(app, moved)) !== undefined;
      expectHonest(done, status, how);
      expect((await rowOf(app, email)) === undefined).toBe(done);
      const { user } = (await browser.get('/auth/session')).json;
      expect(user.email).toBe(done ? moved : email);
      expect((await login(app.client(), { email: done ? moved : email })).status).toBe(200);
      expect(outcomeOf(await verifyChange(app.client(), token))).toEqual(again(done, 204));
      expect((await login(app.client(), { email: moved })).status).toBe(200);
    });
    expect(steps.length).toBeGreaterThanOrEqual(5);
  });

  it('shuts a stranger out, or can be used again', async () => {
    const steps = await everyStep(how, async ({ app, email, client, failing }) => {
      const { client: stranger } = await app.registered(email);
      await stranger.get('/auth/session');
      const token = await secretTo(app, 'verification', email);
      const { status } = await failing(() => disown(client(), token));
      const done = (await rowOf(app, email))?.password_hash === null;
      expectHonest(done, status, how);
      expect(await isIn(stranger)).toBe(!done);
      expect((await login(app.client(), { email })).status).toBe(done ? 401 : 200);
      expect((await disown(app.client(), token)).status).toBe(done ? 400 : 303);
      expect(await isIn(stranger)).toBe(false);
      expect((await login(app.client(), { email })).status).toBe(401);
    });
    expect(steps.length).toBeGreaterThanOrEqual(5);
  });

  it('makes one account or none, which can be made again', async () => {
    const made = { yes: 0, no: 0 };
    const steps = await everyStep(how, async ({ app, email, client, failing }) => {
      await app.services.requestAccount({
        ...{ email, name: null },
        by: { ip: null, userAgent: null, requestId: 'test', language: 'en' },
      });
      const token = await secretTo(app, 'register', email);
      const { status } = await failing(() => reset(client(), token, PASSWORD));
      const done = (await rowOf(app, email)) !== undefined;
      made[done ? 'yes' : 'no'] += 1;
      expectHonest(done, status, how);
      expect((await login(app.client(), { email })).status).toBe(done ? 200 : 401);
      const second = await reset(app.client(), token, NEW_PASSWORD);
      expect(outcomeOf(second)).toEqual(again(done, 204));
      const password = done ? PASSWORD : NEW_PASSWORD;
      expect((await login(app.client(), { email, password })).status).toBe(200);
    });
    expect(steps.length).toBeGreaterThanOrEqual(3);
    expect(made.yes * made.no).toBeGreaterThan(0);
  });
});

describe('a mail, with every step of sending it in turn failing', () => {
  it.each(FAILURES)('arrives all the same: %s', async (how) => {
    const app = await createTestApp();
    const { database } = app.services;
    for (let n = 0; ; n += 1) {
      const email = `n${n}@example.com`;
      await app.registered(email);
      let left = n;
      const failing: typeof database = {
        async run(work) {
          if (left-- !== 0) return database.run(work);
          if (how === 'answer lost') await database.run(work);
          throw new Error('a step of the test failed');
        },
        close() {},
      };
      await otherServices(app, { database: failing })
        .delivery?.run()
        .catch(() => {});
      // The lease of what was taken ends at last.
      for (let i = 0; i < 3; i += 1) {
        await app.advance(121_000);
        await app.services.delivery?.run();
      }
      const token = await secretTo(app, 'verification', email);
      expect((await verify(app.client(), token)).status).toBe(204);
      expect(await app.sql(sql`SELECT * FROM mail_queue`)).toEqual([]);
      if (left >= 0) break;
    }
  });
});
