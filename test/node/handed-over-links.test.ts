import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/time.ts';
import { admin, confirm, expectRefused, patch, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import {
  everythingStored,
  INVALID,
  lettersTo,
  NEW_PASSWORD,
  outcomeOf,
  reset,
} from '../support/mail.ts';
import { EMAIL, login, otherServer } from '../support/requests.ts';

const tokenIn = (url: string) => new URL(url).searchParams.get('token') ?? '';

const makeLink = (root: Client, id: string) => root.post(`/admin/users/${id}/reset-link`);

/** An admin, and somebody who registered. */
async function withAda(env: Record<string, string> = {}) {
  const app = await createTestApp({ env });
  const { client: root, user: rootUser } = await admin(app);
  const ada = await app.registered();
  return { app, root, rootUser, ...ada };
}

describe('an invitation by user name alone', () => {
  it('answers with a link, once, that lets them in', async () => {
    const { app, root } = await withAda();
    const { status, json } = await root.post('/admin/users', { json: { username: 'bob' } });
    expect(status).toBe(201);
    expect(json.resetLink.url).toMatch(/^http:\/\/localhost:3000\/reset\?token=[\w-]{43}$/);
    const left = Date.parse(json.resetLink.expiresAt) - app.clock.now();
    expect(Math.abs(left - hours(24))).toBeLessThan(minutes(1));
    expect((await root.get(`/admin/users/${json.user.id}`)).text).not.toContain('token=');
    expect(await everythingStored(app)).not.toContain(tokenIn(json.resetLink.url));

    expect((await reset(app.client(), tokenIn(json.resetLink.url))).status).toBe(204);
    const answer = await login(app.client(), { username: 'bob', password: NEW_PASSWORD });
    expect(answer.json.user).toMatchObject({ username: 'bob', emailVerified: false });
  });

  it('is mailed, and not shown, where there is an email', async () => {
    const { app, root } = await withAda();
    const json = { email: 'bob@example.com', username: 'bob' };
    expect((await root.post('/admin/users', { json })).json.resetLink).toBeUndefined();
    expect(await lettersTo(app, 'bob@example.com')).toEqual(['invitation']);
  });
});

describe('where mail reaches nobody', () => {
  it.each([
    ['no transport', {}, null],
    [
      'an outbox that people elsewhere never see',
      { mail: { kind: 'outbox', from: { name: '', address: 'a@example.com' } } },
      undefined,
    ],
  ])('an invitation by email is handed over: %s', async (_, config, mailer) => {
    const { app } = await withAda();
    const elsewhere = { ...config, baseUrl: 'https://auth.example.com' } as never;
    const server = otherServer(app, elsewhere, {
      mailer: mailer === null ? null : app.mail.mailer,
    });
    const { token } = await signedIn(app, { email: 'root@example.com', token: true });
    const { status, json } = await server().post('/admin/users', {
      json: { email: 'bob@example.com' },
      headers: { authorization: `Bearer ${token}` },
    });
    expect(status).toBe(201);
    expect((await reset(app.client(), tokenIn(json.resetLink.url))).status).toBe(204);
    const bob = { email: 'bob@example.com', password: NEW_PASSWORD };
    expect((await login(app.client(), bob)).json.user.emailVerified).toBe(false);
  });
});

describe('POST /admin/users/{id}/reset-link', () => {
  it('is for admins who signed in a moment ago, and for users who are there', async () => {
    const { app, root, client, user } = await withAda();
    expectRefused(await makeLink(app.client(), user.id), 401, 'not_signed_in');
    expectRefused(await makeLink(client, user.id), 403, 'forbidden');
    expectRefused(await makeLink(root, 'nobody'), 404, 'not_found');
    await patch(root, `/admin/users/${user.id}`, { disabled: true });
    expectRefused(await makeLink(root, user.id), 409, 'conflict');
    await app.advance(minutes(11));
    expectRefused(await makeLink(root, user.id), 403, 'recent_login_required');
  });

  it('sets a password, ends all sessions, and confirms no address', async () => {
    const { app, root, client, user } = await withAda();
    const { status, json } = await makeLink(root, user.id);
    expect([status, Object.keys(json).sort()]).toEqual([201, ['expiresAt', 'url']]);
    expect((await client.get('/auth/session')).json.user.id).toBe(user.id);
    expect((await reset(app.client(), tokenIn(json.url))).status).toBe(204);
    expect((await client.get('/auth/session')).json.user).toBeNull();
    const { user: after } = await signedIn(app, { password: NEW_PASSWORD });
    expect(after.emailVerified).toBe(false);
    expect(outcomeOf(await reset(app.client(), tokenIn(json.url), PASSWORD))).toEqual(INVALID);
  });

  it('leaves a confirmed address confirmed', async () => {
    const { app, root, user } = await withAda();
    await confirm(app, user);
    await reset(app.client(), tokenIn((await makeLink(root, user.id)).json.url));
    expect((await signedIn(app, { password: NEW_PASSWORD })).user.emailVerified).toBe(true);
  });

  it.each([
    [hours(24) - seconds(5), [204]],
    [hours(24) + seconds(5), INVALID],
  ])('makes a link that after %i ms is answered %j', async (span, expected) => {
    const { app, root, user } = await withAda();
    const { url } = (await makeLink(root, user.id)).json;
    await app.advance(span);
    expect(outcomeOf(await reset(app.client(), tokenIn(url)))).toEqual(expected);
  });

  it('takes the place of the link before, and of no mailed one', async () => {
    const { app, root, user } = await withAda();
    const first = (await makeLink(root, user.id)).json.url;
    const second = (await makeLink(root, user.id)).json.url;
    expect(outcomeOf(await reset(app.client(), tokenIn(first)))).toEqual(INVALID);
    expect((await reset(app.client(), tokenIn(second))).status).toBe(204);
  });

  it('makes a link that a change of the password undoes', async () => {
    const { app, root, client, user } = await withAda();
    const { url } = (await makeLink(root, user.id)).json;
    const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await client.post('/auth/password', { json: passwords })).status).toBe(204);
    expect(outcomeOf(await reset(app.client(), tokenIn(url)))).toEqual(INVALID);
  });

  it('is an event that names the admin, also at an invitation', async () => {
    const { root, rootUser, user } = await withAda();
    await makeLink(root, user.id);
    const bob = (await root.post('/admin/users', { json: { username: 'bob' } })).json.user;
    const { events } = (await root.get('/admin/events?kind=reset_link_made')).json;
    const seen = events.map(({ userId, actorId }: Record<string, string>) => [userId, actorId]);
    expect(seen).toEqual([
      [bob.id, rootUser.id],
      [user.id, rootUser.id],
    ]);
  });

  it('is told to a confirmed address, and to no other', async () => {
    const { app, root, user } = await withAda();
    await makeLink(root, user.id);
    expect(await lettersTo(app)).toEqual(['verification']);
    await confirm(app, user);
    await makeLink(root, user.id);
    expect(await lettersTo(app)).toEqual(['verification', 'reset_link_made']);
  });

  it('ends the wait after a siege by strangers', async () => {
    const env = { LIMIT_LOGIN_ADDRESS: '1000/10m', LIMIT_LOGIN_ACCOUNT: '2/1h..1h' };
    const { app, root, user } = await withAda(env);
    for (let i = 0; i < 3; i += 1) await login(app.client(), { password: 'not the password' });
    expectRefused(await login(app.client()), 429, 'rate_limited');
    await makeLink(root, user.id);
    expect((await login(app.client())).status).toBe(200);
  });

  it('made for nobody any more leaves no link', async () => {
    const { app, root, user } = await withAda();
    await app.sql(sql`DELETE FROM users WHERE email = ${EMAIL}`);
    expectRefused(await makeLink(root, user.id), 404, 'not_found');
    expect(await app.sql(sql`SELECT * FROM link_tokens WHERE purpose = 'handed_over'`)).toEqual([]);
  });
});
