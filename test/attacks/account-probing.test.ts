import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import { costOf, login, otherServer } from '../support/requests.ts';
import { runtime } from '../support/runtime.ts';

const HASH = '$bcrypt-sha256$v=2,t=2b,r=4$';

/** Five accounts to guess at, and one that does not exist. */
const CAUSES: Record<string, { email: string; password?: string }> = {
  'the password is wrong': { email: 'ada@example.com', password: 'not the password' },
  'nobody has the email': { email: 'nobody@example.com' },
  'the user has no password': { email: 'passwordless@example.com' },
  'the stored hash is corrupt': { email: 'corrupt@example.com' },
  'the stored hash is cut short': { email: 'cut@example.com' },
  'the stored hash is empty': { email: 'empty@example.com' },
  'the user is disabled, and the password right': { email: 'disabled@example.com' },
  'the user is disabled, and the password wrong': {
    email: 'disabled@example.com',
    password: 'not the password',
  },
};

async function withAccounts() {
  const app = await createTestApp({ store: 'rest', env: { LIMIT_LOGIN_ADDRESS: '1000/10m' } });
  await app.registered();
  for (const name of ['passwordless', 'corrupt', 'cut', 'empty', 'disabled']) {
    await app.registered(`${name}@example.com`);
  }
  const hash = (name: string, value: string | null) =>
    app.sql(sql`UPDATE users SET password_hash = ${value} WHERE email = ${`${name}@example.com`}`);
  await hash('passwordless', null);
  await hash('corrupt', 'not a hash at all');
  await hash('cut', `${HASH}abcdefghijklmnopqrstuu`);
  await hash('empty', '');
  await app.sql(sql`UPDATE users SET disabled = 1 WHERE email = 'disabled@example.com'`);
  return app;
}

type App = Awaited<ReturnType<typeof withAccounts>>;

/** All of an answer that somebody outside can see, but for what is new each time. */
async function seen(app: App, sent: Record<string, unknown>, form = false) {
  const client = app.client();
  const answer = form
    ? await client.post('/auth/login', { form: { password: PASSWORD, ...sent } as never })
    : await login(client, sent);
  const { status, headers } = answer;
  const requestId = headers.get('x-request-id') ?? '';
  const names = [...headers].filter(([name]) => name !== 'x-request-id');
  const email = String(sent.email);
  return { status, headers: names, text: answer.text.replace(requestId, '').replace(email, '') };
}

describe('a failed login', () => {
  it.each(Object.keys(CAUSES))('looks like any other when %s', async (cause) => {
    const app = await withAccounts();
    const expected = await seen(app, CAUSES['the password is wrong'] ?? {});
    expect(expected.status).toBe(401);
    expect(JSON.parse(expected.text).code).toBe('invalid_credentials');
    expect(await seen(app, CAUSES[cause] ?? {})).toEqual(expected);
  });

  it.each(Object.keys(CAUSES))('looks like any other in the form when %s', async (cause) => {
    const app = await withAccounts();
    const expected = await seen(app, CAUSES['the password is wrong'] ?? {}, true);
    expect(expected.status).toBe(401);
    expect(await seen(app, CAUSES[cause] ?? {}, true)).toEqual(expected);
  });

  it.each(Object.keys(CAUSES))('asks as much of store and database when %s', async (cause) => {
    const app = await withAccounts();
    const expected = await costOf(app, () => login(app.client(), CAUSES['the password is wrong']));
    expect(expected.statements).toBeGreaterThan(0);
    expect(expected.commands).not.toEqual([]);
    expect(await costOf(app, () => login(app.client(), CAUSES[cause]))).toEqual(expected);
  });

  it.each(Object.keys(CAUSES))('spends one hash of the usual cost when %s', async (cause) => {
    const app = await withAccounts();
    const hashed: string[] = [];
    const bcrypt = (input: string, settings: string) => {
      hashed.push(settings.slice(0, 7));
      return runtime.bcrypt(input, settings);
    };
    const server = otherServer(app, {}, { bcrypt });
    expect((await login(server(), CAUSES[cause])).status).toBe(401);
    expect(hashed).toEqual(['$2b$04$']);
  });

  it('looks the same for a name that nobody can have', async () => {
    const app = await withAccounts();
    const expected = await seen(app, CAUSES['the password is wrong'] ?? {});
    for (const email of ['', 'no email', 'a@b', 'x'.repeat(300), 'ada@example.com\0']) {
      expect(await seen(app, { email })).toEqual({ ...expected });
    }
  });

  it('tells nothing about the rules for new passwords', async () => {
    const app = await withAccounts();
    for (const password of ['', 'x', 'x'.repeat(1000), 'a\0b']) {
      expect((await seen(app, { email: 'ada@example.com', password })).status).toBe(401);
      expect((await seen(app, { email: 'nobody@example.com', password })).status).toBe(401);
    }
  });

  it('sets no cookie, whatever the cause', async () => {
    const app = await withAccounts();
    for (const sent of Object.values(CAUSES)) {
      expect((await login(app.client(), sent)).cookies).toEqual([]);
    }
  });
});
