import { describe, expect, it } from 'vitest';
import { days, hours, minutes, seconds } from '../../src/time.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { cookieOf } from '../support/requests.ts';

const signedIn = async (client: Client) =>
  (await client.get('/auth/session')).json.session !== null;

describe('a plain session', () => {
  it('ends after an hour without use', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await app.advance(hours(1) - seconds(5));
    expect(await signedIn(client)).toBe(true);
    await app.advance(hours(1));
    expect(await signedIn(client)).toBe(false);
  });

  it('ends after a day although it is used all the time', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    for (let used = 0; used < 47; used += 1) {
      await app.advance(minutes(30));
      expect(await signedIn(client)).toBe(true);
    }
    const last = (await client.get('/auth/session')).json.session;
    expect(last.absoluteExpiresAt).toBe(session.absoluteExpiresAt);
    expect(last.expiresAt).toBe(session.absoluteExpiresAt);
    await app.advance(minutes(30));
    expect(await signedIn(client)).toBe(false);
  });

  it('says when it was last seen, exact to a tenth of the idle timeout', async () => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    await app.advance(minutes(5));
    expect((await client.get('/auth/session')).json.session.lastSeenAt).toBe(session.lastSeenAt);
    await app.advance(minutes(2));
    await client.get('/auth/session');
    const renewed = (await client.get('/auth/session')).json.session;
    const moved = Date.parse(renewed.lastSeenAt) - Date.parse(session.lastSeenAt);
    expect(moved).toBeGreaterThanOrEqual(minutes(7));
    expect(Date.parse(renewed.expiresAt) - Date.parse(renewed.lastSeenAt)).toBe(hours(1));
  });
});

describe('a remembered session', () => {
  it('lasts two weeks without use and thirty days in all', async () => {
    const app = await createTestApp();
    await app.registered();
    const browser = app.client();
    const login = await browser.post('/auth/login', {
      json: { email: 'ada@example.com', password: PASSWORD, remember: true },
    });
    expect(cookieOf(login).attributes).toContain(`Max-Age=${days(30) / 1000}`);
    await app.advance(days(14) - minutes(1));
    expect(await signedIn(browser)).toBe(true);
    await app.advance(days(14) - minutes(1));
    expect(await signedIn(browser)).toBe(true);
    await app.advance(days(2) + minutes(3));
    expect(await signedIn(browser)).toBe(false);
  });
});

describe('the settings of lifetimes', () => {
  it('are honoured', async () => {
    const app = await createTestApp({ env: { SESSION_IDLE: '10m', SESSION_LIFETIME: '15m' } });
    const { client, session } = await app.registered();
    const span = (from: string, to: string) => Date.parse(to) - Date.parse(from);
    expect(span(session.createdAt, session.expiresAt)).toBe(minutes(10));
    expect(span(session.createdAt, session.absoluteExpiresAt)).toBe(minutes(15));
    await app.advance(minutes(9));
    expect(await signedIn(client)).toBe(true);
    await app.advance(minutes(7));
    expect(await signedIn(client)).toBe(false);
  });
});

describe('an anonymous session', () => {
  it('ends by idleness, and is kept by use', async () => {
    const app = await createTestApp();
    const browser = app.client();
    await browser.post('/counter');
    for (let used = 0; used < 3; used += 1) {
      await app.advance(minutes(50));
      expect((await browser.get('/')).text).toContain('<dd>1</dd>');
    }
    await app.advance(minutes(61));
    expect((await browser.get('/')).text).toContain('<dd>0</dd>');
  });
});
