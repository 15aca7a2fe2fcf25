import { describe, expect, it } from 'vitest';
import { signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { forgot, secretTo } from '../support/mail.ts';
import { type DrawnForm, decoded, formsOf, GERMAN, page } from '../support/pages.ts';
import { cookieOf, costOf, counterOf, EMAIL, login } from '../support/requests.ts';

const BOB = 'bob@example.com';

/** Everything that a form or a route could change, but for who uses a session when. */
async function standing(app: TestApp): Promise<unknown> {
  await app.settled();
  const tables = ['users', 'link_tokens', 'mail_queue', 'events'];
  const rows = tables.map((table) => app.sql(sql`SELECT * FROM ${sql.identifier(table)}`));
  return [await Promise.all(rows), app.mail.sent.length];
}

const PAGES = ['/', '/account', '/account/sessions', '/logout'];

/** A browser where Ada opened every page, before Bob signed in instead of her. */
async function staleTabs() {
  const app = await createTestApp();
  const { client, user: ada } = await app.registered();
  await login(app.client());
  const forms: DrawnForm[] = [];
  for (const path of PAGES) forms.push(...formsOf(await page(client, path)));
  const { user: bob } = await app.registered(BOB);
  expect((await login(client, { email: BOB })).status).toBe(200);
  return { app, client, ada, bob, forms };
}

/** What people may have typed into any of the forms. */
const TYPED: Record<string, Record<string, string>> = {
  '/account/name': { name: 'Ada Lovelace' },
  '/account/email': { email: 'ada@example.org' },
  '/account/password': { currentPassword: PASSWORD, newPassword: 'another horse battery staple' },
  '/account/delete': { password: PASSWORD },
};

async function expectBob(client: Client, bob: { id: string }) {
  expect((await client.get('/auth/session')).json.user.id).toBe(bob.id);
}

describe('a form that was drawn for somebody else than who is signed in', () => {
  it('is refused whatever it is for, and the answer names who is signed in', async () => {
    const { app, client, bob, forms } = await staleTabs();
    expect(new Set(forms.map(({ action }) => action.replace(/[\w-]{22}/, 'ID')))).toEqual(
      new Set([
        ...['/auth/logout', '/counter', '/account/name', '/account/verification'],
        ...['/account/email', '/account/password', '/account/delete'],
        ...['/account/sessions/ID/end', '/account/sessions/end-others'],
        ...['/account/devices/ID/forget', '/account/devices/forget-all'],
      ]),
    );
    const before = await standing(app);
    for (const { action, fields } of forms) {
      const answer = await client.post(action, { form: { ...fields, ...TYPED[action] } });
      expect([action, answer.status, answer.cookies]).toEqual([action, 409, []]);
      const text = decoded(answer.text);
      expect(text).toContain('<title>Error: Another account is signed in · Gatehouse</title>');
      expect(text).toContain(`You are signed in as ${BOB} now, so nothing was changed.`);
      expect(text).not.toContain('Lovelace');
      // The one form left is the one that signs out whoever is signed in.
      expect(formsOf(text)).toEqual([{ action: '/auth/logout', fields: { signedInAs: bob.id } }]);
    }
    expect(await standing(app)).toEqual(before);
    expect(await counterOf(client)).toBe(0);
    await expectBob(client, bob);
  });

  it('is refused in German too', async () => {
    const { client, forms } = await staleTabs();
    const form = forms.find(({ action }) => action === '/counter')?.fields ?? {};
    const { text } = await client.post('/counter', { form, headers: GERMAN });
    expect(decoded(text)).toContain(`Jetzt sind Sie als ${BOB} angemeldet`);
  });

  it('is sent to sign in when nobody is signed in any more, as without the field', async () => {
    const { client, forms } = await staleTabs();
    await client.post('/auth/logout');
    for (const { action, fields } of forms.filter(({ action }) => action.startsWith('/account'))) {
      const { status, headers } = await client.post(action, { form: fields });
      expect([status, headers.get('location')]).toEqual([303, '/login?returnTo=%2F']);
    }
  });

  it('goes through when the session of the other user is over', async () => {
    const { app, client, ada } = await staleTabs();
    const { client: bobs } = await signedIn(app, { email: BOB });
    await bobs.request('DELETE', '/auth/sessions', { json: {} });
    const answer = await client.post('/auth/logout', { form: { signedInAs: ada.id } });
    expect([answer.status, cookieOf(answer).value]).toEqual([303, '']);
  });

  it('works without the field', async () => {
    const { client } = await staleTabs();
    expect((await client.post('/account/name', { form: { name: 'Bob' } })).status).toBe(303);
    expect((await client.post('/auth/logout', { form: {} })).status).toBe(303);
  });

  it('carries nobody where nobody signed in acts', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await forgot(app);
    const links = [
      `/reset?token=${await secretTo(app, 'reset')}`,
      `/verify?token=${await secretTo(app, 'verification')}`,
    ];
    for (const path of ['/login', '/register', '/forgot', ...links]) {
      // The pages for those who are not signed in are shown to no others.
      const browser = /^.(login|register)/.test(path) ? app.client() : client;
      const forms = formsOf(await page(browser, path));
      expect(forms.length, path).toBeGreaterThan(0);
      for (const { fields } of forms) expect(Object.keys(fields)).not.toContain('signedInAs');
    }
    for (const { fields } of formsOf(await page(app.client(), '/'))) expect(fields).toEqual({});
  });
});

const means = (id: string) => ({ headers: { 'x-gatehouse-user': id } });

describe('the header X-Gatehouse-User', () => {
  it('stops every unsafe request that means another user, before anything happens', async () => {
    const app = await createTestApp();
    const { user: ada } = await app.registered();
    const { client, user: bob } = await app.registered(BOB);
    const routes = app.app.routes.filter(
      ({ method, path }) => /^(POST|PUT|PATCH|DELETE)$/.test(method) && !path.includes('*'),
    );
    expect(routes.length).toBeGreaterThan(20);
    const before = await standing(app);
    for (const { method, path } of routes) {
      const at = path.replace(/:\w+/g, bob.id);
      const answer = await client.request(method, at, { json: {}, ...means(ada.id) });
      expect([method, path, answer.status]).toEqual([method, path, 409]);
      expect([answer.json.code, answer.cookies]).toEqual(['conflict', []]);
    }
    expect(await standing(app)).toEqual(before);
    await expectBob(client, bob);
  });

  it('lets what means the right user pass, at no cost', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client, user } = await app.registered();
    const without = await costOf(app, () => client.request('PATCH', '/auth/user', { json: {} }));
    const cost = await costOf(app, async () => {
      const sent = { json: {}, ...means(encodeURIComponent(user.id)) };
      expect((await client.request('PATCH', '/auth/user', sent)).status).toBe(200);
    });
    expect(cost).toEqual(without);
    expect((await client.post('/auth/logout', means(user.id))).status).toBe(204);
  });

  it('is percent-encoded, and names nobody when it is not', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await app.sql(sql`UPDATE users SET id = 'Ä 1%' WHERE email = ${EMAIL}`);
    await login(client);
    for (const [id, status] of [
      ['%C3%84%201%25', 200],
      ['%c3%84 1%25', 200],
      ['%C3%84%201%', 409],
      ['%FF', 409],
    ] as const) {
      const sent = { json: { name: 'Ada' }, ...means(id) };
      expect((await client.request('PATCH', '/auth/user', sent)).status, id).toBe(status);
    }
  });

  it('changes nothing for visitors, for reads, and where the session is over', async () => {
    const app = await createTestApp();
    const { user: ada } = await app.registered();
    const visitor = app.client();
    const data = { json: { n: 1 }, ...means(ada.id) };
    expect((await visitor.request('PATCH', '/auth/session/data', data)).status).toBe(200);
    expect((await visitor.request('PATCH', '/auth/session/data', data)).status).toBe(200);
    const { client, user: bob } = await app.registered(BOB);
    expect((await client.get('/auth/session', means(ada.id))).json.user.id).toBe(bob.id);
    await client.copy().post('/auth/logout');
    expect((await client.post('/auth/logout', means(ada.id))).status).toBe(204);
  });

  it('holds for bearer tokens, and for a login over a live session', async () => {
    const app = await createTestApp();
    const { user: ada } = await app.registered();
    const { client, user: bob } = await app.registered(BOB);
    const { token } = (await login(app.client(), { email: BOB, token: true })).json;
    const program = app.client({ authorization: `Bearer ${token}` });
    expect((await program.post('/auth/logout', means(ada.id))).status).toBe(409);
    expect((await login(client, {}, means(ada.id))).status).toBe(409);
    await expectBob(client, bob);
    await expectBob(program, bob);
  });

  it('may come from a trusted frontend', async () => {
    const origin = 'https://app.example.com';
    const app = await createTestApp({ env: { TRUSTED_ORIGINS: origin } });
    const { headers } = await app.client().request('OPTIONS', '/auth/user', {
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'content-type,x-gatehouse-user',
      },
    });
    expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain(
      'x-gatehouse-user',
    );
  });
});
