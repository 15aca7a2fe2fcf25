import { describe, expect, it } from 'vitest';
import { minutes } from '../../src/time.ts';
import { listed, sessionOf, signedIn } from '../support/accounts.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { cookieOf, expectNobody } from '../support/requests.ts';

const PAGE = '/account/sessions';
const press = (client: Client, path: string) => client.post(`${PAGE}/${path}`, { form: {} });

/** The page of somebody, as it is and as its items. */
async function pageOf(client: Client) {
  const { status, text, headers } = await client.get(PAGE, { headers: { accept: 'text/html' } });
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  const [sessions = ''] = text.split('Known devices');
  return { text, items: sessions.split('<li class="item">').slice(1) };
}

/** `20 Nov 2026, 19:00` */
function writtenOut(at: string): string {
  const [, day, month, year, time] =
    /, (\d+) (\w+) (\d+) (\d+:\d+)/.exec(new Date(at).toUTCString()) ?? [];
  return `${Number(day)} ${month} ${year}, ${time}`;
}

const phoneOf = (app: TestApp, userAgent = 'Phone', address = '192.0.2.7') =>
  signedIn(app, {}, { 'user-agent': userAgent, 'x-test-address': address });

describe('/account/sessions', () => {
  it('lists device, address, beginning and last use, and how to end each', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    await app.advance(minutes(30));
    const { session: phone } = await phoneOf(app);
    await client.get('/');
    const { items } = await pageOf(client);
    const [newest = '', oldest = ''] = items;
    expect(items).toHaveLength(2);
    expect(newest).toContain('<dd>Phone</dd>');
    expect(newest).toContain('<dd>192.0.2.7</dd>');
    expect(newest).toContain(`action="/account/sessions/${phone.id}/end"`);
    expect(newest).not.toContain('This is the one you are using');
    expect(oldest).toContain('<dd>not known</dd>');
    expect(oldest).toContain('<dd>192.0.2.1</dd>');
    expect(oldest).toContain('This is the one you are using');
    const [, current] = await listed(client);
    expect(current.lastSeenAt).not.toBe(session.lastSeenAt);
    for (const at of [session.createdAt, current.lastSeenAt]) {
      expect(oldest).toContain(`<time datetime="${at}">${writtenOut(at)} UTC</time>`);
    }
  });

  it('shows nothing that a user agent says as markup', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await phoneOf(app, `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;`);
    const { text } = await pageOf(client);
    expect(text).not.toContain('<script>');
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('&amp;amp;');
  });

  it('shows the sessions of nobody else, and no token', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await phoneOf(app);
    const { client: eve } = await app.registered('eve@example.com');
    const { text, items } = await pageOf(eve);
    expect(items).toHaveLength(1);
    expect(text).not.toContain('Phone');
    expect(text).not.toContain('end-others');
    const [, secret = '-'] = (eve.cookie('gatehouse') ?? '').split('.');
    expect(text).not.toContain(secret);
    expect((await pageOf(client)).items).toHaveLength(2);
  });

  it('is reached from the front page', async () => {
    const { client } = await (await createTestApp()).registered();
    expect((await client.get('/')).text).toContain('href="/account/sessions"');
  });
});

describe('the buttons of /account/sessions', () => {
  it('end one other session', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const { client: phone, session } = await phoneOf(app);
    const { client: tablet } = await phoneOf(app, 'Tablet');
    const answer = await press(client, `${session.id}/end`);
    expect([answer.status, answer.headers.get('location'), answer.cookies]).toEqual([
      303,
      PAGE,
      [],
    ]);
    expectNobody(await phone.get('/auth/session'));
    expect(await sessionOf(tablet)).toBeDefined();
    expect((await pageOf(client)).items).toHaveLength(2);
  });

  it('end all other sessions', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    const { client: phone } = await phoneOf(app);
    const { client: tablet } = await phoneOf(app, 'Tablet');
    expect((await pageOf(client)).text).toContain('action="/account/sessions/end-others"');
    const answer = await press(client, 'end-others');
    expect([answer.status, answer.headers.get('location'), answer.cookies]).toEqual([
      303,
      PAGE,
      [],
    ]);
    expectNobody(await phone.get('/auth/session'));
    expectNobody(await tablet.get('/auth/session'));
    expect(await sessionOf(client)).toBe(session.id);
    expect((await pageOf(client)).text).not.toContain('end-others');
  });

  it('sign out of the session that is used', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    const stolen = client.copy();
    const answer = await press(client, `${session.id}/end`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    expect(cookieOf(answer)).toMatchObject({ name: 'gatehouse', value: '' });
    expectNobody(await stolen.get('/auth/session'));
  });

  it('end no session of somebody else', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    const { client: eve } = await app.registered('eve@example.com');
    const answer = await press(eve, `${session.id}/end`);
    expect([answer.status, answer.cookies]).toEqual([404, []]);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(await sessionOf(client)).toBe(session.id);
  });

  it('take forms without fields, and change nothing on GET', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const { client: phone, session } = await phoneOf(app);
    for (const path of [`${PAGE}/${session.id}/end`, `${PAGE}/end-others`]) {
      expect((await client.post(path, { json: {} })).status).toBe(415);
      expect((await client.post(path, { form: { all: 'yes' } })).status).toBe(400);
      expect((await client.get(path)).status).toBe(405);
    }
    expect(await sessionOf(phone)).toBe(session.id);
  });
});
