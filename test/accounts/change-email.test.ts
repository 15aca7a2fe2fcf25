import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/time.ts';
import { expectRefused, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import {
  changeEmail,
  INVALID,
  lettersTo,
  letterTo,
  outcomeOf,
  queued,
  secretTo,
  seen,
  verifyChange,
} from '../support/mail.ts';
import { costOf, EMAIL, login } from '../support/requests.ts';

const NEW = 'new@example.com';
const TAKEN = 'taken@example.com';

async function withAda() {
  const app = await createTestApp({ store: 'rest' });
  const { client, user } = await app.registered();
  await client.get('/auth/session');
  await app.settled();
  return { app, client, user };
}

const emailsOf = async (app: TestApp) =>
  (await app.sql(sql`SELECT email FROM users ORDER BY id`)).map(({ email }) => email);

describe('a change of address', () => {
  it('is asked of the new address, and told to the old one', async () => {
    const { app, client } = await withAda();
    const answer = await changeEmail(client, ' New@Example.com ');
    expect([answer.status, answer.json]).toEqual([202, {}]);
    expect(await lettersTo(app, NEW)).toEqual(['change_email']);
    expect(await lettersTo(app)).toEqual(['verification', 'change_email_asked']);
    expect(await emailsOf(app)).toEqual([EMAIL]);
  });

  it('is made by the link, at the next request of every session, which all go on', async () => {
    const { app, client } = await withAda();
    const { client: phone } = await signedIn(app);
    await phone.get('/auth/session');
    await changeEmail(client, NEW);
    const answer = await verifyChange(app.client(), await secretTo(app, 'change_email', NEW));
    expect([answer.status, answer.text, answer.cookies]).toEqual([204, '', []]);
    for (const session of [client, phone]) {
      const { user } = (await session.get('/auth/session')).json;
      expect(user).toMatchObject({ email: NEW, emailVerified: true });
    }
    expect((await login(app.client())).status).toBe(401);
    expect((await login(app.client(), { email: NEW })).status).toBe(200);
  });

  it('is told to the old address when it is made', async () => {
    const { app, client } = await withAda();
    await changeEmail(client, NEW);
    await verifyChange(app.client(), await secretTo(app, 'change_email', NEW));
    expect((await lettersTo(app)).at(-1)).toBe('email_changed');
    expect(await lettersTo(app, NEW)).toEqual(['change_email']);
  });

  it('gives an address to somebody who had none', async () => {
    const app = await createTestApp();
    const client = app.client();
    await client.post('/auth/register', { json: { username: 'ada', password: PASSWORD } });
    expect((await changeEmail(client, NEW)).status).toBe(202);
    expect(
      (await verifyChange(app.client(), await secretTo(app, 'change_email', NEW))).status,
    ).toBe(204);
    expect(await emailsOf(app)).toEqual([NEW]);
    expect(app.mail.sent).toHaveLength(1);
    expect(await queued(app)).toEqual([]);
  });

  it('asks for a login of the last ten minutes', async () => {
    const { app, client } = await withAda();
    await app.advance(minutes(10) + seconds(5));
    expectRefused(await changeEmail(client, NEW), 403, 'recent_login_required');
    expect(await queued(app)).toEqual([]);
    await client.post('/auth/reauthenticate', { json: { password: PASSWORD } });
    expect((await changeEmail(client, NEW)).status).toBe(202);
    expectRefused(await changeEmail(app.client(), NEW), 401, 'not_signed_in');
  });

  it.each(['', 'ada', 'ada@', 'a@b.c,d@e.f', 'ada@example.com\0', 'ada＠example.com'])(
    'to %j, which is no address, is refused',
    async (email) => {
      const { app, client } = await withAda();
      expectRefused(await changeEmail(client, email), 400, 'invalid_request');
      expect(await queued(app)).toEqual([]);
    },
  );

  it('is 429 after three in an hour', async () => {
    const { client } = await withAda();
    for (let i = 0; i < 3; i += 1) {
      expect((await changeEmail(client, `new${i}@example.com`)).status).toBe(202);
    }
    expectRefused(await changeEmail(client, NEW), 429, 'rate_limited');
  });

  it('to the address that one has is a request to confirm it', async () => {
    const { app, client } = await withAda();
    expect((await changeEmail(client, 'ADA@example.com')).status).toBe(202);
    expect(await lettersTo(app)).toEqual(['verification', 'verification']);
  });
});

describe('a change to an address that somebody has', () => {
  async function withTaken() {
    const made = await withAda();
    await made.app.registered(TAKEN);
    await made.app.settled();
    return made;
  }

  it('is answered like any other, in the same number of steps', async () => {
    const { app, client } = await withTaken();
    const answers: Awaited<ReturnType<typeof changeEmail>>[] = [];
    const costs = [];
    for (const email of [NEW, TAKEN]) {
      costs.push(await costOf(app, async () => answers.push(await changeEmail(client, email))));
    }
    const [free, taken] = answers;
    expect(free?.status).toBe(202);
    expect(taken && seen(taken)).toEqual(free && seen(free));
    expect(costs[0]).toEqual(costs[1]);
    expect(costs[0]?.statements).toBe(1);
  });

  it('mails no link, but tells whoever has it', async () => {
    const { app, client } = await withTaken();
    await changeEmail(client, TAKEN);
    expect(await lettersTo(app, TAKEN)).toEqual(['verification', 'address_taken']);
    expect((await letterTo(app, 'address_taken', TAKEN)).text).not.toContain('token=');
    expect(await lettersTo(app)).toEqual(['verification', 'change_email_asked']);
  });

  it('is refused when it was taken after the link was mailed', async () => {
    const { app, client } = await withAda();
    await changeEmail(client, NEW);
    const token = await secretTo(app, 'change_email', NEW);
    await app.registered(NEW);
    expect(outcomeOf(await verifyChange(app.client(), token))).toEqual(INVALID);
    expect(await emailsOf(app)).toEqual([EMAIL, NEW]);
    expect((await client.get('/auth/session')).json.user.email).toBe(EMAIL);
  });

  it('is given to one of two who race for it', async () => {
    const { app, client } = await withTaken();
    const { client: other } = await signedIn(app, { email: TAKEN });
    const tokens = [];
    for (const asking of [client, other]) {
      await changeEmail(asking, NEW);
      tokens.push(await secretTo(app, 'change_email', NEW));
    }
    expect(tokens[0]).not.toBe(tokens[1]);
    const answers = await Promise.all(tokens.map((token) => verifyChange(app.client(), token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400]);
    const emails = await emailsOf(app);
    expect(emails.filter((email) => email === NEW)).toHaveLength(1);
    expect(new Set(emails).size).toBe(2);
  });
});
