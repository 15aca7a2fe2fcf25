import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/time.ts';
import { createTestApp, sql } from '../support/app.ts';
import { forgot, lettersTo, queued, reset, secretTo, seen } from '../support/mail.ts';
import { costOf, EMAIL, from } from '../support/requests.ts';

const KNOWN = EMAIL;
const UNKNOWN = 'nobody@example.com';
const DISABLED = 'disabled@example.com';
const PASSWORDLESS = 'passwordless@example.com';
const OTHERS = [UNKNOWN, DISABLED, PASSWORDLESS];

async function withAccounts() {
  const app = await createTestApp({ store: 'rest' });
  for (const email of [KNOWN, DISABLED, PASSWORDLESS]) await app.registered(email);
  await app.settled();
  await app.sql(sql`UPDATE users SET disabled = 1 WHERE email = ${DISABLED}`);
  await app.sql(sql`UPDATE users SET password_hash = NULL WHERE email = ${PASSWORDLESS}`);
  return app;
}

describe('a forgotten password', () => {
  it.each(OTHERS)('is answered for %s as for anybody else', async (email) => {
    const app = await withAccounts();
    const expected = await forgot(app);
    expect([expected.status, expected.text]).toEqual([202, '{}']);
    expect(seen(await forgot(app, email))).toEqual(seen(expected));
  });

  it.each(OTHERS)('costs as much for %s, and looks nobody up', async (email) => {
    const app = await withAccounts();
    const expected = await costOf(app, () => forgot(app));
    expect(expected).toEqual({ commands: ['EVAL', 'EVAL'], statements: 1 });
    expect(await costOf(app, () => forgot(app, email))).toEqual(expected);
  });

  it('is mailed about to whoever has an account they may use, and to nobody else', async () => {
    const app = await withAccounts();
    for (const email of [KNOWN, ...OTHERS]) await forgot(app, email);
    expect(await lettersTo(app, KNOWN)).toEqual(['verification', 'reset']);
    expect(await lettersTo(app, PASSWORDLESS)).toEqual(['verification', 'reset']);
    expect(await lettersTo(app, DISABLED)).toEqual(['verification']);
    expect(await lettersTo(app, UNKNOWN)).toEqual([]);
    expect(await queued(app)).toEqual([]);
  });

  it('is mailed about in the language of whoever asks', async () => {
    const app = await withAccounts();
    await forgot(app, KNOWN, { headers: { 'accept-language': 'de-AT, en;q=0.5' } });
    const sent = await app.mailTo(KNOWN);
    const german = sent.find(({ subject }) => subject === 'Ein neues Passwort für Gatehouse');
    expect(german?.html).toContain('<html lang="de">');
  });

  it('goes to the stored address, however it was typed', async () => {
    const app = await withAccounts();
    await forgot(app, ' ADA@Example.COM ');
    expect(await secretTo(app, 'reset', KNOWN)).toBeTruthy();
    expect(app.mail.sent.at(-1)?.to).toBe(KNOWN);
  });

  it('is 400 for what is no address, and tells the field', async () => {
    const app = await createTestApp();
    const answer = await forgot(app, 'no address');
    expect([answer.status, answer.json.errors[0].path]).toEqual([400, 'email']);
    expect((await forgot(app, KNOWN, { json: {} })).status).toBe(400);
    expect(await queued(app)).toEqual([]);
  });
});

describe('asking for a new password', () => {
  it.each([KNOWN, UNKNOWN])('is 202 for %s after three in an hour, without a mail', async (at) => {
    const app = await withAccounts();
    const first = await forgot(app, at);
    for (const email of [at.toUpperCase(), ` ${at}`]) await forgot(app, email);
    await app.advance(minutes(59));
    const before = await queued(app);
    const limited = await forgot(app, at, from('192.0.2.9'));
    expect([limited.status, limited.text]).toEqual([first.status, first.text]);
    expect(await queued(app)).toEqual(before);
    expect(app.logged.filter((line) => line.includes('LIMIT_FORGOT_ACCOUNT'))).toHaveLength(1);
    await forgot(app, 'other@example.com');
    expect((await queued(app)).length).toBe(before.length + 1);
    await app.advance(minutes(1));
    await forgot(app, at);
    expect((await queued(app)).length).toBe(before.length + 2);
  });

  it.each([
    [{}, hours(1)],
    [{ LIMIT_FORGOT_ACCOUNT: '3/4h' }, hours(4)],
    [{ LIMIT_MAIL: '3/4h' }, hours(4)],
  ])('by others leaves a link that works until the next can be had: %j', async (env, window) => {
    const app = await createTestApp({ env });
    await app.registered();
    for (let n = 0; n < 3; n += 1) await forgot(app);
    const token = await secretTo(app, 'reset');
    await app.advance(window - seconds(30));
    expect((await forgot(app)).status).toBe(202);
    expect((await reset(app.client(), token)).status).toBe(204);
  });

  it('is 429 after ten in an hour from one address', async () => {
    const app = await withAccounts();
    for (let i = 0; i < 10; i += 1) {
      expect((await forgot(app, `n${i}@example.com`)).status).toBe(202);
    }
    expect((await forgot(app)).status).toBe(429);
    expect((await forgot(app, KNOWN, from('192.0.2.9'))).status).toBe(202);
    await app.advance(3_600_000);
    expect((await forgot(app)).status).toBe(202);
  });

  it('from an address that is turned away does not use up the tries of the owner', async () => {
    const app = await withAccounts();
    for (let i = 0; i < 10; i += 1) await forgot(app, `n${i}@example.com`);
    for (let i = 0; i < 5; i += 1) expect((await forgot(app)).status).toBe(429);
    expect((await forgot(app, KNOWN, from('192.0.2.9'))).status).toBe(202);
    expect(await lettersTo(app, KNOWN)).toContain('reset');
  });

  it('uses up no tries while the database is down', async () => {
    const app = await withAccounts();
    app.breakDatabase('status-500');
    for (let i = 0; i < 11; i += 1) expect((await forgot(app)).status).toBe(503);
    app.breakDatabase(null);
    expect((await forgot(app)).status).toBe(202);
  });

  it('is 503 while the store is down: limits fail closed', async () => {
    const app = await withAccounts();
    await app.breakStore('down');
    expect((await forgot(app)).status).toBe(503);
    expect(await queued(app)).toEqual([]);
  });
});

describe('the page /forgot', () => {
  it('sends its form, and then says the same to everybody', async () => {
    const app = await withAccounts();
    const page = await app.client().get('/forgot');
    expect(page.text).toContain('<form method="post" action="/auth/password/forgot">');
    for (const email of [KNOWN, UNKNOWN]) {
      const sent = await app.client().post('/auth/password/forgot', { form: { email } });
      expect([sent.status, sent.headers.get('location')]).toEqual([303, '/forgot?sent']);
    }
    const said = await app.client().get('/forgot?sent');
    expect(said.text).toContain('a link is on its way');
    expect(said.text).not.toContain('<form');
    expect(await lettersTo(app, KNOWN)).toContain('reset');
  });

  it('shows the form again when it is refused, with what was typed', async () => {
    const app = await createTestApp();
    const answer = await app.client().post('/auth/password/forgot', { form: { email: 'ada@' } });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toContain('This is not an email address.');
    expect(answer.text).toContain('value="ada@"');
  });
});
