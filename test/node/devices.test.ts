import { describe, expect, it } from 'vitest';
import { days, hours, minutes, seconds } from '../../src/time.ts';
import { remove } from '../support/accounts.ts';
import { PASSWORD, sql, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { disown, forgot, NEW_PASSWORD, reset, resetSecret, secretTo } from '../support/mail.ts';
import { deviceCookieOf, EMAIL, expectLimited, fail, login, right } from '../support/requests.ts';
import { besieged, counted, expectHeld, failing, guess } from '../support/tries.ts';

const NAME = 'gatehouse-device';

const devicesOf = async (client: Client) => (await client.get('/auth/devices')).json.devices;

/** A browser that Ada has signed in with. */
async function signedIn(app: TestApp, userAgent = 'Phone'): Promise<Client> {
  const browser = app.client({ 'user-agent': userAgent });
  expect((await login(browser)).status).toBe(200);
  return browser;
}

/** A browser with the same device cookie and no session. */
function deviceOnly(app: TestApp, known: Client): Client {
  const browser = app.client();
  browser.setCookie(NAME, known.cookie(NAME) ?? '');
  return browser;
}

/** Whether a browser comes through while strangers keep everybody else out. */
async function isKnown(app: TestApp, browser: Client, password = PASSWORD): Promise<boolean> {
  for (let n = 0; n < 5; n += 1) await guess(app.client());
  expect((await login(app.client(), { password })).status).toBe(429);
  const { status } = await login(browser, { password });
  return status === 200;
}

describe('known devices', () => {
  it('are listed for their user, the one used last first, by an id that is no cookie', async () => {
    const { app, owner } = await counted();
    await app.advance(minutes(2));
    const phone = await signedIn(app);
    await app.registered('bob@example.com');
    const listed = await devicesOf(owner);
    expect(listed).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{22}$/),
        ...{ createdAt: expect.any(String), lastUsedAt: expect.any(String), userAgent: 'Phone' },
      },
      expect.objectContaining({ userAgent: null }),
    ]);
    for (const { id } of listed) expect(phone.cookie(NAME)).not.toContain(id);
    expect((await app.client().get('/auth/devices')).status).toBe(401);
  });

  it('are written at the first sign-in, and again when an hour has passed', async () => {
    const { app } = await counted();
    const phone = await signedIn(app);
    const times = async () => (await devicesOf(phone))[0].lastUsedAt;
    const first = await times();
    await app.advance(minutes(59));
    await login(phone);
    expect(await times()).toBe(first);
    await app.advance(minutes(1));
    await login(phone);
    expect(Date.parse(await times()) - Date.parse(first)).toBeGreaterThanOrEqual(hours(1));
  });

  it('are twenty of a user; the one used longest ago is forgotten first', async () => {
    const { app, owner } = await counted();
    for (let n = 1; n <= 20; n += 1) {
      await app.advance(minutes(1));
      await signedIn(app, `Phone ${n}`);
    }
    const agents = (await devicesOf(owner)).map(
      ({ userAgent }: { userAgent: string }) => userAgent,
    );
    expect([agents.length, agents[0], agents.at(-1)]).toEqual([20, 'Phone 20', 'Phone 1']);
  });

  it('are forgotten half a year after the last sign-in', async () => {
    const { app } = await counted();
    const phone = await signedIn(app);
    await app.advance(days(181));
    expect(await isKnown(app, deviceOnly(app, phone))).toBe(false);
    await app.advance(minutes(1));
    await app.services.prune();
    expect(await devicesOf(await signedIn(app))).toHaveLength(1);
  });

  it('are forgotten one by one, only by their user, and a copy of the cookie stays worthless', async () => {
    const { app, owner } = await counted();
    const phone = await signedIn(app);
    const [copy, another] = [deviceOnly(app, phone), deviceOnly(app, phone)];
    const [{ id }] = await devicesOf(owner);
    const { client: bob } = await app.registered('bob@example.com');
    expect((await remove(bob, `/auth/devices/${id}`)).status).toBe(404);
    expect(await isKnown(app, copy)).toBe(true);
    expect((await remove(owner, `/auth/devices/${id}`)).status).toBe(204);
    expect((await remove(owner, `/auth/devices/${id}`)).status).toBe(404);
    expect(await isKnown(app, deviceOnly(app, phone))).toBe(false);
    // Its owner signs in with it again, under another id.
    await app.advance(minutes(1));
    expect((await login(phone)).status).toBe(200);
    expect(await isKnown(app, deviceOnly(app, phone))).toBe(true);
    expect(await isKnown(app, another)).toBe(false);
    await app.settled();
    const { events } = (await owner.get('/auth/events')).json;
    const kinds = events.map(({ kind }: { kind: string }) => kind);
    expect(kinds.filter((kind: string) => kind === 'device_forgotten')).toHaveLength(1);
  });

  it('are forgotten all at once, and sessions go on', async () => {
    const { app, owner } = await counted();
    const phone = await signedIn(app);
    expect((await remove(owner, '/auth/devices')).status).toBe(204);
    expect(await devicesOf(phone)).toEqual([]);
    expect(await isKnown(app, deviceOnly(app, phone))).toBe(false);
  });

  it('are forgotten with buttons on the page of sessions', async () => {
    const { app, owner } = await counted();
    const phone = await signedIn(app);
    const page = (await phone.get('/account/sessions')).text;
    const actions = [...page.matchAll(/action="(\/account\/devices\/[^"]+)"/g)].map(([, at]) => at);
    expect(actions).toHaveLength(3);
    expect(page).toContain('Known devices');
    const [first = ''] = actions;
    const form = {};
    expect((await phone.post(first, { form })).headers.get('location')).toBe('/account/sessions');
    expect((await phone.get('/account/sessions')).text).toContain('One device was forgotten.');
    expect((await phone.post(first, { form })).text).toContain('was forgotten already');
    expect(await devicesOf(owner)).toHaveLength(1);
    await phone.post('/account/devices/forget-all', { form });
    expect(await devicesOf(owner)).toEqual([]);
    expect((await phone.post('/account/devices/other', { form })).status).toBe(404);
  });
});

describe('a device is known after', () => {
  it('registering', async () => {
    const { app, owner } = await counted();
    expect(await isKnown(app, deviceOnly(app, owner))).toBe(true);
  });

  it('a reset, although a siege takes the tries that it gives back', async () => {
    const { app } = await besieged();
    const browser = app.client();
    expect((await reset(browser, await resetSecret(app))).status).toBe(204);
    expect(await isKnown(app, browser, NEW_PASSWORD)).toBe(true);
  });

  it('a password set by an invitation', async () => {
    const { app, owner } = await counted();
    await app.sql(sql`UPDATE users SET roles = '["user","admin"]' WHERE email = ${EMAIL}`);
    const email = 'eve@example.com';
    await owner.post('/auth/reauthenticate', { json: { password: PASSWORD } });
    expect((await owner.post('/admin/users', { json: { email } })).status).toBe(201);
    const browser = app.client();
    await reset(browser, await secretTo(app, 'invitation', email));
    await failing(5, app.client, { email });
    expect((await login(browser, { email, password: NEW_PASSWORD })).status).toBe(200);
  });

  it('a proof of the password, and after its change', async () => {
    const { app, owner } = await counted();
    for (const path of ['/auth/reauthenticate', '/auth/password']) {
      await remove(owner, '/auth/devices');
      const [currentPassword, newPassword] = [PASSWORD, NEW_PASSWORD];
      const json = path.endsWith('password')
        ? { currentPassword, newPassword }
        : { password: PASSWORD };
      const answer = await owner.post(path, { json });
      expect(deviceCookieOf(answer)?.name).toBe(NAME);
      const password = path.endsWith('password') ? NEW_PASSWORD : PASSWORD;
      expect(await isKnown(app, deviceOnly(app, owner), password)).toBe(true);
    }
  });

  it('none of these by a program, whose token is its own', async () => {
    const { app } = await counted();
    const { json, cookies } = await login(app.client(), { token: true });
    const headers = { authorization: `Bearer ${json.token}` };
    const proof = await app.client().post('/auth/reauthenticate', {
      json: { password: PASSWORD },
      headers,
    });
    expect([cookies, proof.status, proof.cookies]).toEqual([[], 200, []]);
  });

  it('no sign-in that had checked a password which was changed meanwhile', async () => {
    const { app, owner } = await counted();
    const phone = app.client();
    const held = app.redis.hold('countTry', 'after');
    const entering = login(phone);
    await held.arrived;
    const json = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await owner.post('/auth/password', { json })).status).toBe(204);
    held.release();
    await entering;
    expect(await devicesOf(owner)).toHaveLength(1);
  });
});

describe('every other device is forgotten by', () => {
  it('a change of the password', async () => {
    const { app, owner } = await counted();
    const [phone, copy] = [await signedIn(app), deviceOnly(app, owner)];
    const json = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await owner.post('/auth/password', { json })).status).toBe(204);
    expect(await devicesOf(owner)).toHaveLength(1);
    expect(await isKnown(app, deviceOnly(app, phone), NEW_PASSWORD)).toBe(false);
    expect(await isKnown(app, copy, NEW_PASSWORD)).toBe(false);
  });

  it('a reset', async () => {
    const { app } = await counted();
    const [phone, browser] = [await signedIn(app), app.client()];
    expect((await reset(browser, await resetSecret(app))).status).toBe(204);
    expect(await isKnown(app, deviceOnly(app, phone), NEW_PASSWORD)).toBe(false);
    expect(await isKnown(app, browser, NEW_PASSWORD)).toBe(true);
  });

  it.each([
    [
      'this was not me',
      async (app: TestApp) => {
        await disown(app.client(), await secretTo(app, 'verification'));
      },
    ],
    [
      'ending all sessions',
      async (_app: TestApp, owner: Client) => {
        expect((await remove(owner, '/auth/sessions?include=current')).status).toBe(200);
      },
    ],
    [
      'deleting the account',
      async (_app: TestApp, owner: Client) => {
        await remove(owner, '/auth/user', { json: { password: PASSWORD } });
      },
    ],
  ])('%s, and this one too', async (_how, act) => {
    const { app, owner } = await counted();
    await signedIn(app);
    await act(app, owner);
    expect(await app.sql(sql`SELECT id FROM known_devices`)).toEqual([]);
  });

  it('disabling the account', async () => {
    const { app, owner } = await counted();
    const { user } = (await owner.get('/auth/session')).json;
    const admin = (await app.registered('admin@example.com')).client;
    await app.sql(sql`UPDATE users SET roles = '["user","admin"]' WHERE email LIKE 'admin%'`);
    await admin.post('/auth/reauthenticate', { json: { password: PASSWORD } });
    const disabled = await admin.request('PATCH', `/admin/users/${user.id}`, {
      json: { disabled: true },
    });
    expect(disabled.status).toBe(200);
    const left = await app.sql(sql`SELECT id FROM known_devices WHERE user_id = ${user.id}`);
    expect(left).toEqual([]);
  });
});

describe('a known device', () => {
  it('signs in behind an address whose tries are used up by neighbours, and has its own', async () => {
    const { app, owner } = await counted({ env: { LIMIT_LOGIN_ADDRESS: '10/10m' } });
    await fail(app, 10);
    expectLimited(await right(app));
    expect((await login(deviceOnly(app, owner))).status).toBe(200);
    await failing(5, () => deviceOnly(app, owner));
    expectHeld(await login(deviceOnly(app, owner)), seconds(30));
    // Nor do its failures keep out its neighbours.
    await app.advance(minutes(10));
    await fail(app, 10);
    expectLimited(await right(app));
  });

  it('has its row read before the address is asked; a request without a device cookie has not', async () => {
    const { app, owner } = await counted({ env: { LIMIT_LOGIN_ADDRESS: '1/10m' } });
    await fail(app, 1);
    await forgot(app, 'bob@example.com');
    await app.settled();
    app.statements();
    expectLimited(await guess(app.client()));
    expect(app.statements()).toBe(0);
    const cookie = `${NAME}=${'A'.repeat(22)}.${'B'.repeat(22)}`;
    expectLimited(await login(app.client(), {}, { headers: { cookie } }));
    expect(app.statements()).toBe(1);
    expect((await login(deviceOnly(app, owner))).status).toBe(200);
    expect(app.statements()).toBe(1);
  });
});

describe('wrong passwords of live sessions', () => {
  const prove = (client: Client, password: string) =>
    client.post('/auth/reauthenticate', { json: { password } });

  it('are counted over all sessions, apart from strangers; at a hundred in a row a sign-in is needed', async () => {
    const { app, owner } = await counted();
    const stolen = [owner, await signedIn(app)];
    for (let n = 0; n < 100; n += 1) {
      if (n > 0 && n % 10 === 0) await app.advance(minutes(10));
      const session = stolen[n % 2] ?? owner;
      expect((await prove(session, `guess ${n}`)).status).toBe(401);
    }
    await app.advance(minutes(10));
    for (const session of stolen) {
      const refused = await prove(session, PASSWORD);
      expect([refused.status, refused.json.code]).toEqual([429, 'rate_limited']);
      expect(refused.json.detail).toMatch(/Sign in again, or reset/);
      expect((await session.get('/auth/session')).json.user.email).toBe(EMAIL);
    }
    const again = await signedIn(app);
    expect((await prove(again, PASSWORD)).status).toBe(200);
    expect((await prove(stolen[1] ?? owner, PASSWORD)).status).toBe(200);
  }, 60_000);

  it('are none any more after a right one', async () => {
    const { app, owner } = await counted();
    for (let n = 0; n < 4; n += 1) await prove(owner, 'wrong');
    expect((await prove(owner, PASSWORD)).status).toBe(200);
    const { user } = (await owner.get('/auth/session')).json;
    expect(await app.redis.inner.get([`gh:{${user.id}}:p`])).toEqual([null]);
    await prove(owner, 'wrong');
    expectHeld(await prove(owner, PASSWORD), minutes(10));
  });
});
