import { describe, expect, it } from 'vitest';
import { hours, seconds } from '../../src/time.ts';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import { changeEmail, INVALID, outcomeOf, secretTo, verifyChange } from '../support/mail.ts';
import { EMAIL } from '../support/requests.ts';

const NEW = 'new@example.com';

async function withAda() {
  const app = await createTestApp();
  const { client } = await app.registered();
  await app.settled();
  return { app, client };
}

const emailsOf = async (app: Awaited<ReturnType<typeof createTestApp>>) =>
  (await app.sql(sql`SELECT email FROM users ORDER BY id`)).map(({ email }) => email);

describe('the link of a change of address', () => {
  it.each([
    [hours(1) - seconds(5), [204]],
    [hours(1) + seconds(5), INVALID],
  ])('after %i ms is answered %j', async (span, expected) => {
    const { app, client } = await withAda();
    await changeEmail(client, NEW);
    const token = await secretTo(app, 'change_email', NEW);
    await app.advance(span);
    expect(outcomeOf(await verifyChange(app.client(), token))).toEqual(expected);
  });

  it('works once, and the links to the old address no more', async () => {
    const { app, client } = await withAda();
    await changeEmail(client, NEW);
    const token = await secretTo(app, 'change_email', NEW);
    await verifyChange(app.client(), token);
    expect(await app.sql(sql`SELECT * FROM link_tokens WHERE purpose <> 'used'`)).toEqual([]);
    expect(outcomeOf(await verifyChange(app.client(), token))).toEqual(INVALID);
    const old = await secretTo(app, 'verification');
    expect(outcomeOf(await verifyChange(app.client(), old))).toEqual(INVALID);
  });

  it('opens a page with a button, and neither GET nor HEAD takes it', async () => {
    const { app, client } = await withAda();
    await changeEmail(client, NEW);
    const token = await secretTo(app, 'change_email', NEW);
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = await app.client().request(method, `/verify?change&token=${token}`);
      expect(page.status).toBe(200);
    }
    expect(await emailsOf(app)).toEqual([EMAIL]);
    const form = { token, password: PASSWORD };
    const answer = await app.client().post('/auth/email/verify', { form });
    expect(answer.headers.get('location')).toBe('/verify?done');
    expect(await emailsOf(app)).toEqual([NEW]);
  });
});
