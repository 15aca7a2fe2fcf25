import { describe, expect, it } from 'vitest';
import type { RedisClient } from '../../src/redis/client.ts';
import { minutes } from '../../src/time.ts';
import { listed, sessionOf, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Answer, Client } from '../support/client.ts';
import { lettersTo, NEW_PASSWORD } from '../support/mail.ts';
import { drawn, page } from '../support/pages.ts';
import { EMAIL, expectNobody, login } from '../support/requests.ts';

const CHANGE = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };

const change = (client: Client, form: Record<string, string> = CHANGE) =>
  client.post('/account/password', { form });

const where = ({ status, headers }: Answer) => [status, headers.get('location')];

async function withAda() {
  const app = await createTestApp();
  const { client } = await app.registered();
  await app.advance(minutes(20));
  await client.get('/auth/session');
  return { app, client, twin: client.copy() };
}

async function expectChanged(app: TestApp, browsers: Client[]) {
  for (const client of browsers) expect(await sessionOf(client)).toBeDefined();
  expect((await login(app.client())).status).toBe(401);
  expect((await login(app.client(), { password: NEW_PASSWORD })).status).toBe(200);
  const told = (await lettersTo(app)).filter((kind) => kind === 'password_changed');
  expect(told).toHaveLength(1);
}

describe('a change of password that is sent twice', () => {
  it('is done once it is done, and says so both times', async () => {
    const { app, client } = await withAda();
    for (const _ of [1, 2]) {
      expect(where(await change(client))).toEqual([303, '/account']);
      expect(await page(client, '/account')).toContain('Your password was changed');
    }
    expect(await listed(client)).toHaveLength(1);
    await expectChanged(app, [client]);
  });

  /** Where the second request stands when the first one has been answered. */
  it.each<[string, keyof RedisClient]>([
    ['before its session is read', 'get'],
    ['before its password is looked at', 'count'],
    ['before it changes the row', 'put'],
  ])('signs the loser in, which was held %s', async (_, method) => {
    const { app, client, twin } = await withAda();
    const holding = app.redis.hold(method as 'get');
    const losing = change(twin);
    await holding.arrived;
    const won = await change(client);
    holding.release();
    const lost = await losing;
    expect([where(won), where(lost)]).toEqual([
      [303, '/account'],
      [303, '/account'],
    ]);
    for (const browser of [client, twin]) {
      expect(await page(browser, '/account')).toContain('Your password was changed');
    }
    await expectChanged(app, [client, twin]);
  });

  it('signs it in when the row has changed and the first has no new token yet', async () => {
    const { app, client, twin } = await withAda();
    const renewing = app.redis.hold('compareAndSet');
    const winning = change(client);
    await renewing.arrived;
    expect(where(await change(twin))).toEqual([303, '/account']);
    renewing.release();
    expect(where(await winning)).toEqual([303, '/account']);
    await expectChanged(app, [client, twin]);
  });

  it.each<['get' | 'count' | 'put']>([['get'], ['count'], ['put']])(
    'signs nobody in by another password when it is held at %s, and leaves the winner alone',
    async (method) => {
      const { app, client, twin } = await withAda();
      const holding = app.redis.hold(method);
      const losing = change(twin, { ...CHANGE, newPassword: 'a third horse battery staple' });
      await holding.arrived;
      await change(client);
      holding.release();
      expect((await losing).cookies).toEqual([]);
      await expectChanged(app, [client]);
    },
  );

  it('needs the new password from a token that was replaced, and is counted as a login', async () => {
    const { app, client, twin } = await withAda();
    await change(client);
    for (let i = 0; i < 5; i += 1) {
      const answer = await change(twin, { ...CHANGE, newPassword: `a wrong pass phrase ${i}` });
      expect([where(answer), answer.cookies]).toEqual([[303, '/login?returnTo=%2F'], []]);
    }
    expect((await change(twin)).cookies).toEqual([]);
    expect((await login(app.client(), { password: NEW_PASSWORD })).status).toBe(429);
  });

  it('signs nobody in a minute later, nor by a session that was ended', async () => {
    const { app, client, twin } = await withAda();
    const { client: phone } = await signedIn(app);
    await change(client);
    expectNobody(await phone.get('/auth/session'));
    expect(where(await change(phone))).toEqual([303, '/login?returnTo=%2F']);
    await app.advance(minutes(1) + 1);
    expect(where(await change(twin))).toEqual([303, '/login?returnTo=%2F']);
    expectNobody(await twin.get('/auth/session'));
  });

  it('counts both passwords that it tries', async () => {
    const { client } = await withAda();
    await change(client);
    for (let i = 0; i < 2; i += 1) {
      const guess = { currentPassword: `wrong ${i}`, newPassword: `a wrong pass phrase ${i}` };
      expect((await change(client, guess)).status).toBe(401);
    }
    const right = { currentPassword: NEW_PASSWORD, newPassword: 'yet another pass phrase' };
    expect((await change(client, right)).status).toBe(429);
  });

  it('is a matter of pages: JSON says what it always said', async () => {
    const { client } = await withAda();
    expect((await client.post('/auth/password', { json: CHANGE })).status).toBe(204);
    const again = await client.post('/auth/password', { json: CHANGE });
    expect([again.status, again.json.code]).toEqual([401, 'invalid_credentials']);
  });
});

const NEXT = 'lovelace@example.com';

describe('a change of address that is sent twice', () => {
  it('mails once, sequentially and with the password too', async () => {
    const { app, client } = await withAda();
    const form = { ...(await drawn(client, '/account', '/account/email')), email: NEXT };
    for (const _ of [1, 2]) {
      const sent = { form: { ...form, password: PASSWORD } };
      expect(where(await client.post('/account/email', sent))).toEqual([303, '/account']);
      expect(await page(client, '/account')).toContain(`A link is on its way to ${NEXT}.`);
    }
    expect(await app.mailTo(NEXT)).toHaveLength(1);
  });

  it.each<['get' | 'count']>([['get'], ['count']])(
    'keeps both signed in when the second is held at %s',
    async (method) => {
      const { app, client, twin } = await withAda();
      const form = {
        ...(await drawn(client, '/account', '/account/email')),
        ...{ email: NEXT, password: PASSWORD },
      };
      const holding = app.redis.hold(method);
      const losing = twin.post('/account/email', { form });
      await holding.arrived;
      const won = await client.post('/account/email', { form });
      holding.release();
      expect([where(won), where(await losing)]).toEqual([
        [303, '/account'],
        [303, '/account'],
      ]);
      for (const browser of [client, twin]) expect(await sessionOf(browser)).toBeDefined();
      expect(await app.mailTo(NEXT)).toHaveLength(1);
    },
  );
});

describe('other forms of the account that are sent twice', () => {
  it('mail a link to the own address once', async () => {
    const { app, client } = await withAda();
    await app.mailTo(EMAIL);
    const before = app.mail.sent.length;
    const form = await drawn(client, '/account', '/account/verification');
    for (const _ of [1, 2]) {
      expect(where(await client.post('/account/verification', { form }))).toEqual([
        303,
        '/account',
      ]);
    }
    await app.settled();
    expect(app.mail.sent).toHaveLength(before + 1);
  });

  it('delete the account once, and the second is no failure', async () => {
    const { app, client, twin } = await withAda();
    const holding = app.redis.hold('count');
    const losing = twin.post('/account/delete', { form: { password: PASSWORD } });
    await holding.arrived;
    const won = await client.post('/account/delete', { form: { password: PASSWORD } });
    holding.release();
    expect([where(won), where(await losing)]).toEqual([
      [303, '/'],
      [303, '/'],
    ]);
  });
});
