import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { connectRemote, type Database } from '../../src/db/client.ts';
import { createUsers } from '../../src/db/users-table.ts';
import { Fault } from '../../src/errors.ts';
import { minutes, seconds } from '../../src/time.ts';
import type { NewUser } from '../../src/users/users.ts';
import { databaseUrl } from '../support/database-url.ts';
import { runtime } from '../support/runtime.ts';

const DATABASES: Record<string, () => Promise<Database>> = {
  'a file': () => runtime.openDatabase(''),
  'a libSQL server': async () => connectRemote({ url: databaseUrl(), timeout: seconds(10) }),
};

/** A user like nobody else in a database that other tests use too. */
function newUser(more: Partial<NewUser> = {}): NewUser {
  const id = randomUUID();
  return {
    id,
    email: `${id}@example.com`,
    username: `u-${id}`,
    name: "Zoë O'Neil; DROP TABLE users; --",
    createdAt: Date.UTC(2026, 0, 1, 0, 0, 0, 123),
    passwordHash: `hash of ${id}`,
    ...more,
  };
}

describe.each(Object.entries(DATABASES))('users on %s', (_, openDatabase) => {
  async function open() {
    const database = await openDatabase();
    const users = createUsers(database);
    const rows = (user: Pick<NewUser, 'id'>) =>
      database.run((db) => db.all(sql`SELECT * FROM users WHERE id = ${user.id}`));
    return { database, users, rows };
  }

  it('are found by id and by either name as they were inserted', async () => {
    const { users } = await open();
    const { passwordHash, ...given } = newUser();
    const stored = {
      ...{ ...given, roles: ['user'], emailVerified: false, disabled: false },
      ...{ epoch: 0, version: 0 },
    };
    expect(await users.insert({ ...given, passwordHash })).toBe(true);
    expect(await users.byId(given.id)).toEqual(stored);
    const { email, username } = given as { email: string; username: string };
    const found = { user: stored, passwordHash, devices: [] };
    expect(await users.withPassword({ email })).toEqual(found);
    expect(await users.withPassword({ username })).toEqual(found);
  });

  it('are null when nobody has the id or the name', async () => {
    const { users } = await open();
    const user = newUser();
    await users.insert(user);
    expect(await users.byId(randomUUID())).toBeNull();
    expect(await users.withPassword({ email: user.username ?? '' })).toBeNull();
    expect(await users.withPassword({ username: user.email ?? '' })).toBeNull();
    expect(await users.withPassword({ email: '%' })).toBeNull();
  });

  it('may have one name only, and are then not found by the absent one', async () => {
    const { users } = await open();
    const [mail, nick] = [newUser({ username: null, name: null }), newUser({ email: null })];
    expect(await users.insert(mail)).toBe(true);
    expect(await users.insert(nick)).toBe(true);
    expect(await users.byId(mail.id)).toMatchObject({ username: null, name: null });
    expect(await users.byId(nick.id)).toMatchObject({ email: null });
    expect(await users.withPassword({ username: 'null' })).toBeNull();
  });

  it('tell which names are taken, the email first', async () => {
    const { users } = await open();
    const [ada, bob, eve] = [newUser(), newUser({ username: null }), newUser({ email: null })];
    for (const user of [ada, bob, eve]) await users.insert(user);
    const free = { email: `${randomUUID()}@example.com`, username: `u-${randomUUID()}` };
    expect(await users.taken(free)).toEqual([]);
    expect(await users.taken({ ...free, email: ada.email })).toEqual(['email']);
    expect(await users.taken({ ...free, username: ada.username })).toEqual(['username']);
    expect(await users.taken({ email: ada.email, username: ada.username })).toEqual([
      'email',
      'username',
    ]);
    expect(await users.taken({ email: bob.email, username: ada.username })).toEqual([
      'email',
      'username',
    ]);
    expect(await users.taken({ email: null, username: ada.username })).toEqual(['username']);
    expect(await users.taken({ email: null, username: eve.username })).toEqual(['username']);
    expect(await users.taken({ email: bob.email, username: null })).toEqual(['email']);
    expect(await users.taken({ email: free.email, username: null })).toEqual([]);
    expect(await users.taken({ email: null, username: free.username })).toEqual([]);
  });

  it('do not have the name of nobody', async () => {
    const { users } = await open();
    await users.insert(newUser({ username: null }));
    expect(await users.taken({ email: null, username: null })).toEqual([]);
  });

  it.each(['email', 'username', 'id'] as const)(
    'are not inserted over the %s of another',
    async (name) => {
      const { users, rows } = await open();
      const [first, second] = [newUser(), newUser()];
      await users.insert(first);
      const before = await rows(first);
      expect(await users.insert({ ...second, [name]: first[name] })).toBe(false);
      expect(await rows(first)).toEqual(before);
      const others = ['email', 'username', 'id'].filter((other) => other !== name);
      for (const other of others as (typeof name)[]) {
        const found =
          other === 'id'
            ? await users.byId(second.id)
            : await users.withPassword({ [other]: second[other] } as never);
        expect(found).toBeNull();
      }
    },
  );

  it('with the same email are inserted once of 20 at once', async () => {
    const { users, rows } = await open();
    const email = `${randomUUID()}@example.com`;
    const tries = Array.from({ length: 20 }, () => newUser({ email }));
    const won = await Promise.all(tries.map((user) => users.insert(user)));
    expect(won.filter((inserted) => inserted)).toHaveLength(1);
    const winner = tries[won.indexOf(true)];
    expect((await users.withPassword({ email }))?.user.id).toBe(winner?.id);
    expect((await Promise.all(tries.map(rows))).flat()).toHaveLength(1);
  });

  it('get another hash only while they have the verified one', async () => {
    const { users, rows } = await open();
    const [user, other] = [newUser({ passwordHash: 'old' }), newUser({ passwordHash: 'old' })];
    await users.insert(user);
    await users.insert(other);
    const hash = async () => (await users.withPassword({ email: user.email ?? '' }))?.passwordHash;

    await users.replaceHash(user.id, 'not the old one', 'new');
    expect(await hash()).toBe('old');
    await users.replaceHash(user.id, 'old', 'new');
    expect(await hash()).toBe('new');
    await users.replaceHash(user.id, 'old', 'newer');
    expect(await hash()).toBe('new');
    expect(await rows(other)).toMatchObject([{ password_hash: 'old' }]);
  });

  it('without a password get none by an upgrade', async () => {
    const { users, database } = await open();
    const { id, email } = newUser();
    await database.run((db) => db.run(sql`INSERT INTO users (id, email) VALUES (${id}, ${email})`));
    for (const verified of ['', 'null']) await users.replaceHash(id, verified, 'planted');
    expect((await users.withPassword({ email: email ?? '' }))?.passwordHash).toBeNull();
  });

  it('of an import need an id, a name and a hash only', async () => {
    const { users, database } = await open();
    const { id, email, passwordHash } = newUser();
    await database.run((db) =>
      db.run(
        sql`INSERT INTO users (id, email, password_hash) VALUES (${id}, ${email}, ${passwordHash})`,
      ),
    );
    const found = await users.withPassword({ email: email ?? '' });
    expect(found).toEqual({
      ...{ passwordHash, devices: [] },
      user: {
        ...{ id, email, username: null, name: null, roles: ['user'], emailVerified: false },
        ...{ disabled: false, epoch: 0, version: 0, createdAt: expect.any(Number) },
      },
    });
    const createdAt = found?.user.createdAt ?? 0;
    expect(Number.isInteger(createdAt)).toBe(true);
    expect(Math.abs(Date.now() - createdAt)).toBeLessThan(minutes(1));
  });

  it.each(['admin', '"admin"', '{"admin":true}', 'null', ''])(
    'refuse a row whose roles are %j, which is no list in JSON',
    async (roles) => {
      const { database } = await open();
      const insert = sql`INSERT INTO users (id, email, roles) VALUES ('x', 'x@example.com', ${roles})`;
      await expect(database.run((db) => db.run(insert))).rejects.toThrow('SQL');
    },
  );

  it.each([
    ['[]', ['user']],
    ['["admin"]', ['user', 'admin']],
    ['["admin","user"]', ['user', 'admin']],
    ['["admin",1,null]', ['user', 'admin']],
  ])('with the roles %s of an import have usable ones', async (stored, roles) => {
    const { users, database } = await open();
    const { id, email } = newUser();
    await database.run((db) =>
      db.run(sql`INSERT INTO users (id, email, roles) VALUES (${id}, ${email}, ${stored})`),
    );
    expect((await users.byId(id))?.roles).toEqual(roles);
  });

  it.each([
    ['an email with capitals', { email: 'Ada@example.com' }],
    ['a user name with capitals', { username: 'Ada' }],
    ['neither an email nor a user name', { email: null, username: null }],
  ])('with %s are refused by the table', async (_, more) => {
    const { users, rows } = await open();
    const user = newUser(more);
    const refused = await users.insert(user).catch((error) => error);
    expect(refused).toBeInstanceOf(Fault);
    expect(await rows(user)).toEqual([]);
  });
});
