import { describe, expect, it } from 'vitest';
import { PASSWORD, sql, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { everyStep, expectHonest, FAILURES } from '../support/failing.ts';
import { lettersTo, NEW_PASSWORD, reset, resetSecret } from '../support/mail.ts';

const isIn = async (client: Client) => (await client.get('/auth/session')).json.user !== null;

const statusOf = async (app: TestApp, email: string, password: string) =>
  (await app.client().post('/auth/login', { json: { email, password } })).status;

const rows = (app: TestApp, email: string) =>
  app.sql(sql`SELECT * FROM users WHERE email = ${email}`);

/** Ada's browser, whose server is about to fail, and her phone. */
async function twoBrowsers(app: TestApp, email: string, client: () => Client) {
  const browser = client();
  const json = { email, password: PASSWORD };
  expect((await browser.post('/auth/register', { json })).status).toBe(201);
  const phone = app.client();
  await phone.post('/auth/login', { json });
  for (const one of [browser, phone]) expect(await isIn(one)).toBe(true);
  return { browser, phone };
}

/** Exactly one of the two passwords lets the owner in. Answers whether it is the new one. */
async function took(app: TestApp, email: string): Promise<boolean> {
  const statuses = [await statusOf(app, email, PASSWORD), await statusOf(app, email, NEW_PASSWORD)];
  expect([...statuses].sort()).toEqual([200, 401]);
  return statuses[1] === 200;
}

const count = (letters: string[], kind: string) => letters.filter((one) => one === kind).length;

describe.each(FAILURES)('with every step in turn failing: %s', (how) => {
  it('a registration makes one account or none, and can be made again', async () => {
    const seen = { made: 0, not: 0 };
    const steps = await everyStep(how, async ({ app, email, client, failing }) => {
      const json = { email, password: PASSWORD };
      const browser = client();
      const { status } = await failing(() => browser.post('/auth/register', { json }));
      expect([201, 503]).toContain(status);
      expect(await isIn(browser)).toBe(status === 201);
      const made = (await rows(app, email)).length === 1;
      expectHonest(made, status, how);
      seen[made ? 'made' : 'not'] += 1;
      expect(await statusOf(app, email, PASSWORD)).toBe(made ? 200 : 401);
      const again = await app.client().post('/auth/register', { json });
      expect([again.status, again.json.code]).toEqual(
        made ? [409, 'email_taken'] : [201, undefined],
      );
      expect(await rows(app, email)).toHaveLength(1);
      expect(await statusOf(app, email, PASSWORD)).toBe(200);
      await app.services.delivery?.run();
      expect(await lettersTo(app, email)).toEqual(['verification']);
    });
    expect(steps.length).toBeGreaterThanOrEqual(4);
    expect(seen.made * seen.not).toBeGreaterThan(0);
  });

  it('a change of the password lets one password in, and no session of before', async () => {
    const seen = { took: 0, not: 0 };
    const steps = await everyStep(how, async ({ app, email, client, failing }) => {
      const { browser, phone } = await twoBrowsers(app, email, client);
      const stolen = browser.copy();
      const json = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      const change = (from: Client) => from.post('/auth/password', { json });
      const { status } = await failing(() => change(browser));
      expect([204, 503]).toContain(status);
      const changed = await took(app, email);
      seen[changed ? 'took' : 'not'] += 1;
      expect(await isIn(phone)).toBe(!changed);
      expect(await isIn(stolen)).toBe(!changed);
      expectHonest(changed, status, how);
      if (status === 204) expect(await isIn(browser)).toBe(true);
      if (changed) {
        const json = { email, password: NEW_PASSWORD };
        await browser.post('/auth/login', { json });
        expect((await change(browser)).status).toBe(401);
      } else {
        expect((await change(browser)).status).toBe(204);
        expect(await isIn(phone)).toBe(false);
      }
      expect(await took(app, email)).toBe(true);
      await app.services.delivery?.run();
      expect(count(await lettersTo(app, email), 'password_changed')).toBe(1);
    });
    expect(steps.length).toBeGreaterThanOrEqual(7);
    expect(seen.took * seen.not).toBeGreaterThan(0);
  });

  it('a reset lets one password in, and no session of before', async () => {
    const seen = { took: 0, not: 0 };
    const steps = await everyStep(how, async ({ app, email, client, failing }) => {
      const { browser, phone } = await twoBrowsers(app, email, client);
      const token = await resetSecret(app, email);
      const { status } = await failing(() => reset(client(), token));
      expect([204, 503]).toContain(status);
      const changed = await took(app, email);
      seen[changed ? 'took' : 'not'] += 1;
      expectHonest(changed, status, how);
      for (const one of [browser, phone]) expect(await isIn(one)).toBe(!changed);
      expect((await rows(app, email))[0]?.email_verified).toBe(changed ? 1 : 0);
      const again = await reset(app.client(), token, changed ? PASSWORD : NEW_PASSWORD);
      expect([again.status, again.json?.code]).toEqual(
        changed ? [400, 'invalid_token'] : [204, undefined],
      );
      expect(await took(app, email)).toBe(true);
      for (const one of [browser, phone]) expect(await isIn(one)).toBe(false);
      await app.services.delivery?.run();
      expect(count(await lettersTo(app, email), 'password_changed')).toBe(1);
    });
    expect(steps.length).toBeGreaterThanOrEqual(6);
    expect(seen.took * seen.not).toBeGreaterThan(0);
  });

  it('a deletion takes all of an account or nothing', async () => {
    const seen = { took: 0, not: 0 };
    const steps = await everyStep(how, async ({ app, email, client, failing }) => {
      const { browser, phone } = await twoBrowsers(app, email, client);
      const token = await resetSecret(app, email);
      const json = { password: PASSWORD };
      const remove = () => browser.request('DELETE', '/auth/user', { json });
      const { status } = await failing(remove);
      expect([204, 503]).toContain(status);
      const gone = (await rows(app, email)).length === 0;
      seen[gone ? 'took' : 'not'] += 1;
      expectHonest(gone, status, how);
      expect(await statusOf(app, email, PASSWORD)).toBe(gone ? 401 : 200);
      for (const one of [browser, phone]) expect(await isIn(one)).toBe(!gone);
      expect((await remove()).status).toBe(gone ? 401 : 204);
      expect(await rows(app, email)).toEqual([]);
      for (const one of [browser, phone]) expect(await isIn(one)).toBe(false);
      expect((await reset(app.client(), token)).status).toBe(400);
      await app.services.delivery?.run();
      expect(count(await lettersTo(app, email), 'account_deleted')).toBe(1);
    });
    expect(steps.length).toBeGreaterThanOrEqual(6);
    expect(seen.took * seen.not).toBeGreaterThan(0);
  });
});
