import { describe, expect, it } from 'vitest';
import { minutes } from '../../src/time.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Answer, Client } from '../support/client.ts';
import {
  INVALID,
  NEW_PASSWORD,
  outcomeOf,
  reset,
  resetSecret,
  secretTo,
  verify,
} from '../support/mail.ts';
import { drawn, page } from '../support/pages.ts';
import { EMAIL, login } from '../support/requests.ts';

const where = ({ status, headers }: Answer) => [status, headers.get('location')];

async function withAda(env: Record<string, string> = {}) {
  const app = await createTestApp({ env });
  const { client } = await app.registered();
  return { app, client };
}

const RESET = '/auth/password/reset';

/** A form of a page that a link opened, with what is typed into it. */
async function opened(client: Client, path: string, action: string, typed = {}) {
  const form = { ...(await drawn(client, path, action)), ...typed };
  return () => client.post(action, { form });
}

const openReset = (client: Client, token: string, password = NEW_PASSWORD) =>
  opened(client, `/reset?token=${token}`, RESET, { password });

describe('the form of a reset that is sent twice', () => {
  it('has the outcome of the first', async () => {
    const { app } = await withAda();
    const send = await openReset(app.client(), await resetSecret(app));
    for (const _ of [1, 2]) expect(where(await send())).toEqual([303, '/login?reset']);
    expect((await login(app.client(), { password: NEW_PASSWORD })).status).toBe(200);
    expect((await app.mailTo(EMAIL)).filter(({ text }) => /was changed/.test(text))).toHaveLength(
      1,
    );
  });

  it('has it while the first is on its way', async () => {
    const { app } = await withAda();
    const send = await openReset(app.client(), await resetSecret(app));
    const changing = app.redis.hold('put');
    const late = send();
    await changing.arrived;
    const early = await send();
    changing.release();
    expect([where(early), where(await late)]).toEqual([
      [303, '/login?reset'],
      [303, '/login?reset'],
    ]);
    expect((await login(app.client(), { password: NEW_PASSWORD })).status).toBe(200);
  });

  it('has it where the link makes the account', async () => {
    const app = await createTestApp({ env: { REGISTRATION: 'verified' } });
    const client = app.client();
    await client.post('/auth/register', { json: { email: EMAIL } });
    const send = await openReset(client, await secretTo(app, 'register'));
    for (const _ of [1, 2]) expect(where(await send())).toEqual([303, '/login?reset']);
    expect((await login(client, { password: NEW_PASSWORD })).status).toBe(200);
  });

  it('is a dead link to every other form, to other passwords, over JSON, and a minute later', async () => {
    const { app } = await withAda();
    const token = await resetSecret(app);
    const client = app.client();
    const [send, other] = [await openReset(client, token), await openReset(client, token)];
    const form = await drawn(client, `/reset?token=${token}`, RESET);
    expect((await client.post(RESET, { form: { ...form, password: NEW_PASSWORD } })).status).toBe(
      303,
    );
    const another = { ...form, password: 'a third horse battery staple' };
    expect((await client.post(RESET, { form: another })).status).toBe(400);
    expect((await client.post(RESET, { form: { token, password: NEW_PASSWORD } })).status).toBe(
      400,
    );
    expect([(await send()).status, (await other()).status]).toEqual([400, 400]);
    expect(outcomeOf(await reset(client, token))).toEqual(INVALID);
    await app.advance(minutes(1) + 1);
    expect((await client.post(RESET, { form: { ...form, password: NEW_PASSWORD } })).status).toBe(
      400,
    );
    expect((await login(client, { password: NEW_PASSWORD })).status).toBe(200);
  });
});

const VERIFY = '/auth/email/verify';

const emailOf = async (client: Client) => (await client.get('/auth/session')).json.user;

describe('a link that confirms an address', () => {
  it('says so again to the same form and to others, and when it is opened again', async () => {
    const { app, client } = await withAda();
    const token = await secretTo(app, 'verification');
    const path = `/verify?token=${token}`;
    const browser = app.client();
    const [send, other] = [
      await opened(browser, path, VERIFY),
      await opened(app.client(), path, VERIFY),
    ];
    for (const one of [send, send, other])
      expect(where(await one())).toEqual([303, '/verify?done']);
    expect((await emailOf(client)).emailVerified).toBe(true);
    await app.advance(minutes(60));
    for (const anybody of [browser, app.client()]) {
      const text = await page(anybody, path);
      expect(text).toContain('Your address is confirmed already.');
      expect(text).not.toContain('action="/auth/email/verify"');
    }
    expect(outcomeOf(await verify(app.client(), token))).toEqual(INVALID);
  });

  it('says so to the second of two forms at once', async () => {
    const { app } = await withAda();
    const token = await secretTo(app, 'verification');
    const send = await opened(app.client(), `/verify?token=${token}`, VERIFY);
    const changing = app.redis.hold('put');
    const late = send();
    await changing.arrived;
    const early = await send();
    changing.release();
    expect([where(early), where(await late)]).toEqual([
      [303, '/verify?done'],
      [303, '/verify?done'],
    ]);
  });

  it('says so of a change of address, while the account has the address', async () => {
    const { app, client } = await withAda({ LIMIT_MAIL: '100/1h' });
    await client.post('/auth/email', { json: { email: 'next@example.com' } });
    const token = await secretTo(app, 'change_email', 'next@example.com');
    const path = `/verify?change&token=${token}`;
    const send = await opened(client, path, VERIFY);
    for (const _ of [1, 2]) expect(where(await send())).toEqual([303, '/verify?done']);
    expect((await emailOf(client)).email).toBe('next@example.com');
    expect(await page(client, path)).toContain('confirmed already');
    await client.post('/auth/email', { json: { email: EMAIL } });
    await verify(client, await secretTo(app, 'change_email', EMAIL));
    expect(await page(client, path)).not.toContain('confirmed already');
  });

  it('says nothing of the kind of a link that nobody has used', async () => {
    const { app } = await withAda();
    const token = await secretTo(app, 'verification');
    for (const known of [token, 'none']) {
      expect(await page(app.client(), `/verify?token=${known}`)).not.toContain('already');
    }
  });

  it('shuts a stranger out once, and says so to the same form alone', async () => {
    const { app } = await withAda();
    const token = await secretTo(app, 'verification');
    const path = `/verify?token=${token}`;
    const client = app.client();
    const [send, other] = [
      await opened(client, path, '/verify/disown'),
      await opened(client, path, '/verify/disown'),
    ];
    for (const _ of [1, 2]) expect(where(await send())).toEqual([303, '/verify?disowned']);
    expect((await other()).status).toBe(400);
    expect((await login(app.client())).status).toBe(401);
  });
});

describe('the form for a forgotten password that is sent twice', () => {
  const resets = async (app: TestApp) =>
    (await app.mailTo(EMAIL)).filter(({ text }) => /\/reset\?token=/.test(text)).length;

  it('mails once, and again from a form that is opened anew', async () => {
    const { app } = await withAda();
    const client = app.client();
    const open = () => opened(client, '/forgot', '/auth/password/forgot', { email: EMAIL });
    const send = await open();
    for (const answer of [await send(), await send(), ...(await Promise.all([send(), send()]))]) {
      expect(where(answer)).toEqual([303, '/forgot?sent']);
    }
    expect(await resets(app)).toBe(1);
    await (await open())();
    expect(await resets(app)).toBe(2);
  });

  it('counts once, and may be tried again when it came to nothing', async () => {
    const { app } = await withAda({ LIMIT_FORGOT_ADDRESS: '1/1h' });
    const open = () => opened(app.client(), '/forgot', '/auth/password/forgot', { email: EMAIL });
    const [first, second] = [await open(), await open()];
    for (const _ of [1, 2]) expect((await first()).status).toBe(303);
    expect((await second()).status).toBe(429);
    await app.advance(minutes(60));
    expect((await second()).status).toBe(303);
    expect(await resets(app)).toBe(2);
    expect((await login(app.client(), { password: PASSWORD })).status).toBe(200);
  });
});
