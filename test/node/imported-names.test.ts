import { describe, expect, it } from 'vitest';
import { identifierOf } from '../../src/accounts/input.ts';
import { named } from '../../src/db/user-conditions.ts';
import { checkNames } from '../../src/doctor/names.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';
import { costOf, login } from '../support/requests.ts';

interface Row {
  email?: string;
  username?: string;
}

/** A table of another system, whose users all have the password of the tests. */
async function imported(rows: Record<string, Row>, store: 'embedded' | 'rest' = 'embedded') {
  const app = await createTestApp({ store, env: { LIMIT_LOGIN_ADDRESS: '1000/10m' } });
  const ada = await app.registered();
  for (const [id, { email = null, username = null }] of Object.entries(rows)) {
    await app.sql(sql`
      INSERT INTO users (id, email, username, password_hash)
      SELECT ${id}, ${email}, ${username}, password_hash FROM users WHERE id = ${ada.user.id}`);
  }
  return app;
}

/** Who is signed in by these names: an id, or the code of the refusal. */
async function signIn(app: TestApp, names: Record<string, string>) {
  const { json } = await app.client().post('/auth/login', {
    json: { ...names, password: PASSWORD },
  });
  return json.user?.id ?? json.code;
}

/** Who is signed in by the one field of the form. */
async function typed(app: TestApp, email: string) {
  const client = app.client();
  const { status } = await client.post('/auth/login', { form: { email, password: PASSWORD } });
  return status === 303 ? (await client.get('/auth/session')).json.user.id : status;
}

const LONG = `${'a'.repeat(30)}.${'b'.repeat(9)}`;

describe('somebody imported under a name that registration would refuse', () => {
  it.each([
    ['jos\u00e9', ['jos\u00e9', 'JOS\u00c9', 'jose\u0301', ' jos\u00e9 ']],
    ['anna+work', ['anna+work', 'Anna+Work']],
    ['bob@corp', ['bob@corp', 'Bob@Corp']],
    ['x', ['x', 'X']],
    [LONG, [LONG, LONG.toUpperCase()]],
    ['bob@example.com', ['bob@example.com', ' Bob@Example.com']],
    ['\u674e\u96f7', ['\u674e\u96f7']],
  ])('as a user name signs in, by the form too: %s', async (username, spellings) => {
    const app = await imported({ them: { username } });
    for (const spelling of spellings) {
      expect(await signIn(app, { username: spelling }), spelling).toBe('them');
      expect(await typed(app, spelling), spelling).toBe('them');
    }
  });

  it.each([
    ['user@m\u00fcnchen.de', ['user@m\u00fcnchen.de', 'User@MU\u0308NCHEN.de']],
    ['jos\u00e9@example.com', ['jos\u00e9@example.com', 'Jos\u00c9@Example.com']],
    ['bob@corp', ['bob@corp', 'BOB@corp ']],
  ])('as an email signs in, by the form too: %s', async (email, spellings) => {
    const app = await imported({ them: { email } });
    for (const spelling of spellings) {
      expect(await signIn(app, { email: spelling }), spelling).toBe('them');
      expect(await typed(app, spelling), spelling).toBe('them');
    }
  });

  it('finds a user name with an at-sign where a client has one field for both names', async () => {
    const app = await imported({ them: { username: 'bob@corp' } });
    expect(await signIn(app, { email: 'bob@corp' })).toBe('them');
  });

  it('is not reached by what only looks like the name', async () => {
    const app = await imported({ kim: { username: 'kim!' }, ivan: { username: 'ivan i' } });
    for (const username of ['\u212aim!', '\uff4bim!', 'kim\uff01', 'ki\u200dm!', 'k\u0131m!']) {
      expect(await signIn(app, { username }), username).toBe('invalid_credentials');
      expect(await signIn(app, { email: `${username}@` }), username).toBe('invalid_credentials');
    }
    expect(await signIn(app, { username: '\u0130van i' })).toBe('invalid_credentials');
    expect(await signIn(app, { username: 'kim!\0' })).toBe('invalid_credentials');
  });
});

describe('of several users whom one text may mean', () => {
  it('the email comes before a user name, and each is reached by what is its own', async () => {
    const app = await imported({
      email: { email: 'bob@example.com' },
      username: { username: 'bob@example.com' },
    });
    expect(await signIn(app, { email: 'bob@example.com' })).toBe('email');
    expect(await typed(app, 'bob@example.com')).toBe('email');
    expect(await signIn(app, { username: 'bob@example.com' })).toBe('username');
  });

  it('the address as it stands in the table comes first, so no later account hides it', async () => {
    const app = await imported({ first: { email: 'user@m\u00fcnchen.de' } });
    const json = { email: 'user@m\u00fcnchen.de', password: PASSWORD };
    const later = (await app.client().post('/auth/register', { json })).json.user;
    expect(later.email).toBe('user@xn--mnchen-3ya.de');
    expect(await signIn(app, { email: 'user@m\u00fcnchen.de' })).toBe('first');
    expect(await signIn(app, { email: 'user@xn--mnchen-3ya.de' })).toBe(later.id);
  });
});

describe('the look-up of a login', () => {
  it.each([{ email: 'bob@corp' }, { email: 'user@m\u00fcnchen.de' }, { username: 'jos\u00e9' }])(
    'is one statement for %j',
    async (names) => {
      const app = await imported({}, 'rest');
      const { statements } = await costOf(app, () =>
        login(app.client(), { ...names, password: 'x' }),
      );
      expect(statements).toBe(1);
    },
  );

  it.each([['user@m\u00fcnchen.de'], ['bob@example.com'], ['bob']])(
    'goes by the indexes for %s',
    async (email) => {
      const app = await imported({});
      const where = named(identifierOf({ email }) ?? { id: '' });
      const plan = await app.sql(sql`EXPLAIN QUERY PLAN SELECT id FROM users WHERE ${where}`);
      const text = plan.map(({ detail }) => detail).join('\n');
      expect(text).toContain('SEARCH users USING INDEX users_email_unique');
      expect(text).not.toContain('SCAN');
    },
  );

  it.each(['a', '\u00e9', 'e\u0301', '\u6f22'])(
    'refuses endless names of %j at once',
    async (unit) => {
      const app = await imported({});
      const started = performance.now();
      for (const name of ['email', 'username']) {
        const answer = await signIn(app, { [name]: unit.repeat(5000 / unit.length) });
        expect(['invalid_credentials', 'invalid_request']).toContain(answer);
      }
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );
});

describe('the doctor', () => {
  it('names users whom no login finds, escaped, and nobody else', async () => {
    const app = await imported({
      fine: { username: 'jos\u00e9' },
      byEmail: { username: ' spaced ', email: 'spaced@example.com' },
      nfd: { username: 'jose\u0301' },
      upper: { email: '\u00c9ve@example.com' },
      spaced: { username: ' bob ' },
      long: { username: 'a'.repeat(321) },
    });
    const finding = await checkNames(app.services.database);
    expect(finding.mark).toBe('warn');
    for (const id of ['nfd', 'upper', 'spaced', 'long']) expect(finding.text).toContain(`"${id}"`);
    for (const id of ['fine', 'byEmail']) expect(finding.text).not.toContain(`"${id}"`);
    expect(finding.text).toContain('"jose\\u0301" (id "nfd")');
  });

  it('is content where a login finds everybody', async () => {
    const app = await imported({ bob: { username: 'bob@corp' } });
    expect((await checkNames(app.services.database)).mark).toBe('ok');
  });
});
