import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/time.ts';
import { listed, sessionOf } from '../support/accounts.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { decoded, drawn } from '../support/pages.ts';
import { countUsers, EMAIL, login } from '../support/requests.ts';

const FORM = { email: EMAIL, username: 'ada', name: 'Ada', password: PASSWORD };

const send = (client: Client, form: Record<string, string> = FORM) =>
  client.post('/auth/register', { form: { ...form, returnTo: '/account' } });

const where = ({ status, headers }: { status: number; headers: Headers }) => [
  status,
  headers.get('location'),
];

const TAKEN = 'An account with this email exists already.';

async function registeredBy(form: Record<string, string> = FORM) {
  const app = await createTestApp();
  const client = app.client();
  expect(where(await send(client, form))).toEqual([303, '/account']);
  return { app, client };
}

async function guess(app: TestApp, times: number) {
  for (let i = 0; i < times; i += 1) {
    const answer = await send(app.client(), { ...FORM, password: `a wrong pass phrase ${i}` });
    expect([answer.status, answer.cookies]).toEqual([409, []]);
  }
}

describe('a registration form that is sent twice', () => {
  it('signs its browser in as the first did, and leaves one session', async () => {
    const { app, client } = await registeredBy();
    const first = await sessionOf(client);
    const again = await send(client);
    expect(where(again)).toEqual([303, '/account']);
    const sessions = await listed(client);
    expect(sessions).toHaveLength(1);
    expect(sessions[0].id).not.toBe(first);
    expect(await countUsers(app)).toBe(1);
  });

  it('does so while the first is on its way, whichever answer the browser keeps', async () => {
    const app = await createTestApp();
    const [one, other] = [app.client(), app.client()];
    const creating = app.redis.hold('addIndexed');
    const late = send(one);
    await creating.arrived;
    const early = await send(other);
    creating.release();
    expect([where(early), where(await late)]).toEqual([
      [303, '/account'],
      [303, '/account'],
    ]);
    for (const client of [one, other]) expect(await sessionOf(client)).toBeDefined();
    expect(await countUsers(app)).toBe(1);
  });

  it.each([
    ['with another password', { ...FORM, password: 'another horse battery staple' }],
    ['with another user name', { ...FORM, username: 'grace' }],
    ['with another name', { ...FORM, name: 'Grace' }],
  ])('is refused %s, as a stranger is', async (_, form) => {
    const { app } = await registeredBy();
    const answer = await send(app.client(), form);
    expect([answer.status, answer.cookies]).toEqual([409, []]);
    expect(decoded(answer.text)).toContain(TAKEN);
  });

  it('is refused after a minute, and over JSON', async () => {
    const { app } = await registeredBy();
    const json = await app.client().post('/auth/register', { json: FORM });
    expect([json.status, json.json.code]).toEqual([409, 'email_taken']);
    await app.advance(minutes(1) + seconds(1));
    const late = await send(app.client());
    expect([late.status, late.cookies]).toEqual([409, []]);
  });

  it('is counted as a login, so that nobody guesses here what they could not guess there', async () => {
    const { app } = await registeredBy();
    await guess(app, 5);
    const right = await send(app.client());
    expect([right.status, right.cookies]).toEqual([409, []]);
    expect((await login(app.client())).status).toBe(429);
  });

  it('mails one link under REGISTRATION=verified, for each form one', async () => {
    const app = await createTestApp({ env: { REGISTRATION: 'verified' } });
    const client = app.client();
    const form = { ...(await drawn(client, '/register', '/auth/register')), email: EMAIL };
    for (const _ of [1, 2])
      expect(where(await send(client, form))).toEqual([303, '/register?sent']);
    expect(await app.mailTo(EMAIL)).toHaveLength(1);
    const another = { ...(await drawn(client, '/register', '/auth/register')), email: EMAIL };
    await send(client, another);
    expect(await app.mailTo(EMAIL)).toHaveLength(2);
  });
});
