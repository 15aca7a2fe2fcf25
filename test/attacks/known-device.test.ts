import { describe, expect, it } from 'vitest';
import { hours, seconds } from '../../src/time.ts';
import { PASSWORD, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { NEW_PASSWORD, reset, resetSecret } from '../support/mail.ts';
import { login, otherServer } from '../support/requests.ts';
import { besieged, counted, expectHeld, failing, guess, hundredfold } from '../support/tries.ts';

const NAME = 'gatehouse-device';
const BOB = { email: 'bob@example.com' };

/** A browser that somebody has signed in with before, and out again. */
async function knownBrowser(app: TestApp, names = {}): Promise<Client> {
  const browser = app.client();
  expect((await login(browser, names)).status).toBe(200);
  expect((await browser.post('/auth/logout')).status).toBe(204);
  return browser;
}

/** Ada's own device, while a stranger keeps everybody else out. */
async function underSiege() {
  const parts = await counted();
  const device = await knownBrowser(parts.app);
  await failing(5, parts.app.client);
  expectHeld(await login(parts.app.client()), seconds(30));
  return { ...parts, device, cookie: device.cookie(NAME) ?? '' };
}

/** A login that sends this and no other cookie. */
const carrying = (client: Client, header: string) =>
  login(client, {}, { headers: { cookie: header } });

describe('a device that has signed in to the account before', () => {
  it("is not slowed by strangers' failures", async () => {
    const { app, device } = await underSiege();
    for (let n = 0; n < 3; n += 1) expect((await login(device)).status).toBe(200);
    expectHeld(await login(app.client()), seconds(30));
  });

  it('signs in when nobody else can, after a hundred failures in a row', async () => {
    const { app } = await counted();
    const device = await knownBrowser(app);
    await hundredfold(app, app.client);
    expectHeld(await login(app.client()), hours(1));
    expect((await login(device)).status).toBe(200);
    expectHeld(await login(app.client()), hours(1));
  }, 60_000);

  it('is known by its cookie after a logout, and by nothing else', async () => {
    const { app, cookie } = await underSiege();
    expect((await carrying(app.client(), `${NAME}=${cookie}`)).status).toBe(200);
    expectHeld(await carrying(app.client(), `x${NAME}=${cookie}`), seconds(30));
    expectHeld(await carrying(app.client(), ` ${NAME}=${cookie}`.repeat(2)), seconds(30));
  });

  it('is slowed by its own failures, and keeps nobody else waiting', async () => {
    const { app } = await counted();
    const device = await knownBrowser(app);
    await failing(5, () => device);
    expectHeld(await login(device), seconds(30));
    expect((await login(app.client())).status).toBe(200);
    expectHeld(await login(device), seconds(30));
    await app.advance(seconds(30));
    await failing(1, () => device);
    expectHeld(await login(device), seconds(60));
    await app.advance(seconds(60));
    expect((await login(device)).status).toBe(200);
    await failing(4, () => device);
  });

  it('is never kept out for good', async () => {
    const { app } = await counted();
    const device = await knownBrowser(app);
    await hundredfold(app, () => device);
    await failing(1, () => device);
    expectHeld(await login(device), hours(1));
    await app.advance(hours(1));
    expect((await login(device)).status).toBe(200);
  }, 60_000);

  it('starts anew after a reset, wherever the link was opened', async () => {
    const { app } = await counted();
    const device = await knownBrowser(app);
    await failing(5, () => device);
    expect((await reset(app.client(), await resetSecret(app))).status).toBe(204);
    expect((await login(device, { password: NEW_PASSWORD })).status).toBe(200);
  });

  it('is counted apart from another one', async () => {
    const { app } = await counted();
    const [phone, laptop] = [await knownBrowser(app), await knownBrowser(app)];
    await failing(5, () => phone);
    expect((await login(laptop)).status).toBe(200);
    expectHeld(await login(phone), seconds(30));
  });

  it('lets five of 50 tries at once be looked at', async () => {
    const { app } = await counted();
    const device = await knownBrowser(app);
    const answers = await Promise.all(Array.from({ length: 50 }, () => guess(device.copy())));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(5).fill(401), ...Array(45).fill(429)]);
  });
});

describe('the device cookie', () => {
  it('of one user is nothing for another', async () => {
    const { app } = await besieged();
    await app.registered(BOB.email);
    const bobs = await knownBrowser(app, BOB);
    expectHeld(await login(bobs), seconds(30));
    expectHeld(await guess(bobs), seconds(30));
    expect((await login(bobs, BOB)).status).toBe(200);
  });

  it('remembers everybody who has signed in on the device', async () => {
    const { app } = await counted();
    await app.registered(BOB.email);
    const device = await knownBrowser(app);
    const [id] = (device.cookie(NAME) ?? '').split('.');
    for (const names of [BOB, {}, BOB]) await login(device, names);
    const parts = (device.cookie(NAME) ?? '').split('.');
    expect([parts.length, parts[0]]).toEqual([3, id]);
    for (const names of [{}, BOB]) await failing(5, app.client, names);
    for (const names of [{}, BOB]) {
      expectHeld(await login(app.client(), names), seconds(30));
      expect((await login(device, names)).status).toBe(200);
    }
    // A failure of one is none of the other.
    await failing(5, () => device, BOB);
    expect((await login(device)).status).toBe(200);
  });

  it('remembers eight, and forgets who signed in longest ago', async () => {
    const { app } = await counted();
    const device = await knownBrowser(app);
    const others = Array.from({ length: 8 }, (_, n) => ({ email: `user${n}@example.com` }));
    for (const names of others) {
      await app.registered(names.email);
      expect((await login(device, names)).status).toBe(200);
    }
    expect((device.cookie(NAME) ?? '').split('.')).toHaveLength(9);
    for (const names of [{}, ...others]) await failing(5, app.client, names);
    expectHeld(await login(device), seconds(30));
    for (const names of others) expect((await login(device, names)).status).toBe(200);
  });

  it('signs nobody in, and spares no password', async () => {
    const { app, device, cookie } = await underSiege();
    expect((await device.get('/auth/session')).json.user).toBeNull();
    const headers = { cookie: `gatehouse=${cookie}; ${NAME}=${cookie}` };
    expect((await app.client().get('/auth/session', { headers })).json.user).toBeNull();
    expect((await guess(device)).status).toBe(401);
    expect((await login(device, { password: '' })).status).toBe(401);
  });

  it('outlives a rotation of SESSION_SECRET while the old one verifies', async () => {
    const { app, device, cookie } = await underSiege();
    const [old = ''] = app.services.config.sessionSecrets;
    const fresh = 'the new secret of the tests with 32 characters or more';
    const server = (...sessionSecrets: string[]) => otherServer(app, { sessionSecrets })();
    expectHeld(await carrying(server(fresh), `${NAME}=${cookie}`), seconds(30));
    const moved = server(fresh, old);
    expect((await carrying(moved, `${NAME}=${cookie}`)).status).toBe(200);
    // Signed anew by that login, without its old tag.
    const renewed = moved.cookie(NAME) ?? '';
    expect(renewed.split('.')).toHaveLength(2);
    expect((await carrying(server(fresh), `${NAME}=${renewed}`)).status).toBe(200);
    expectHeld(await carrying(server(old), `${NAME}=${renewed}`), seconds(30));
    expect((await login(device, { password: PASSWORD })).status).toBe(200);
  });
});
