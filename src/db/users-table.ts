import type { ResultSet } from '@libsql/client';
import { and, asc, type Column, eq, gt, or, SQL, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { SQLiteInsertBase } from 'drizzle-orm/sqlite-core';
import type { Companion } from '../users/companion.ts';
import { ROLE, withUserRole } from '../users/roles.ts';
import type { LinkUse, User, UserByLink, UserChange, Users } from '../users/users.ts';
import type { Database, Drizzle } from './client.ts';
import { dropMoves, statementOf } from './companions.ts';
import { linkTokens, users } from './schema.ts';
import { byLink, holds, named, nobodyElseHas, validLink } from './user-conditions.ts';

/** Everything but the password hash. */
const publicColumns = {
  id: users.id,
  email: users.email,
  username: users.username,
  name: users.name,
  roles: users.roles,
  emailVerified: users.emailVerified,
  disabled: users.disabled,
  epoch: users.epoch,
  version: users.version,
  createdAt: users.createdAt,
};

/** The known devices of a user, found with the row: a login asks for both in one statement. */
const usesOf = sql<string>`(
  SELECT json_group_array(json_array(known.id, known.last_used_at))
  FROM known_devices AS known WHERE known.user_id = users.id)`;

export function createUsers(database: Database): Users {
  /** A change, the companions that its condition lets happen, and the link that it takes. */
  async function together<T>(
    change: (db: Drizzle) => BatchItem<'sqlite'> & PromiseLike<T[]>,
    { before = [], after = [], where, moves, link }: Together,
  ): Promise<T[]> {
    return database.run(async (db) => {
      const statement = (companion: Companion) => statementOf(companion, db, where);
      const first: BatchItem<'sqlite'>[] = before.map(statement);
      if (moves) first.push(dropMoves(db, moves));
      const last: BatchItem<'sqlite'>[] = after.map(statement);
      if (link) last.push(takeLink(db, link));
      if (first.length + last.length === 0) return change(db);
      const [one, ...others] = [...first, change(db), ...last];
      const results: unknown[] = one ? await db.batch([one, ...others]) : [];
      return results[first.length] as T[];
    });
  }

  /** false: it was refused, and its companions found no row. */
  async function insertOne(
    id: string,
    insert: (db: Drizzle) => SQLiteInsertBase<typeof users, 'async', ResultSet>,
    more: Pick<Together, 'after' | 'link'>,
  ): Promise<boolean> {
    const inserted = await together(
      (db) => insert(db).onConflictDoNothing().returning({ id: users.id }),
      { ...more, where: eq(users.id, id) },
    );
    return inserted.length === 1;
  }

  return {
    async byId(id) {
      const [row] = await database.run((db) =>
        db.select(publicColumns).from(users).where(eq(users.id, id)),
      );
      return row ? toUser(row) : null;
    },
    async withPassword(identifier) {
      const rows = await database.run((db) =>
        db
          .select({ ...publicColumns, passwordHash: users.passwordHash, devices: usesOf })
          .from(users)
          .where(named(identifier)),
      );
      const spellings = 'login' in identifier ? identifier.login : [];
      const byEmail = spellings.map((email) => rows.find((row) => row.email === email));
      const row = byEmail.find((found) => found !== undefined) ?? rows[0];
      if (!row) return null;
      const { passwordHash: hash, devices: uses, ...user } = row;
      const devices = (JSON.parse(uses) as [string, number][]).map(([id, lastUsedAt]) => ({
        id,
        lastUsedAt,
      }));
      return { user: toUser(user), passwordHash: hash, devices };
    },
    async taken({ email, username }) {
      if (!email && !username) return [];
      // An imported user name may look like an address, and a login with it means that user.
      const names = [
        email && eq(users.email, email),
        email && eq(users.username, email),
        username && eq(users.username, username),
      ];
      const rows = await database.run((db) =>
        db
          .select({ email: users.email, username: users.username })
          .from(users)
          .where(or(...names.filter((name) => name instanceof SQL))),
      );
      const given = { email, username };
      return (['email', 'username'] as const).filter(
        (name) =>
          given[name] &&
          rows.some(
            (row) => row[name] === given[name] || (name === 'email' && row.username === email),
          ),
      );
    },
    async list({ query, cursor, limit }) {
      const contains = (column: Column) =>
        // Both sides by SQLite, whose `lower` knows ASCII alone: else `Ä` would never be found.
        sql`instr(lower(${column}), lower(${query.normalize('NFC')})) > 0`;
      const matches = or(contains(users.email), contains(users.username), contains(users.name));
      const rows = await database.run((db) =>
        db
          .select(publicColumns)
          .from(users)
          .where(and(gt(users.id, cursor), query === '' ? undefined : matches))
          .orderBy(asc(users.id))
          .limit(limit),
      );
      return rows.map(toUser);
    },
    insert: (user, after = []) =>
      insertOne(user.id, (db) => db.insert(users).values(user), { after }),
    insertByLink: (user, link, after = []) =>
      insertOne(user.id, (db) => db.insert(users).select(rowOfLink(db, user, link)), {
        after,
        link,
      }),
    async update(id, change, condition = {}, companions = []) {
      const { email, username, endSessions, disabled, ...others } = change;
      const { link } = condition;
      const ended = disabled === undefined ? sql`0` : sql`(${users.disabled} <> ${disabled})`;
      const grows = endSessions ? sql`1` : ended;
      const where = and(
        holds(id, condition),
        link && byLink(link, email),
        email === undefined ? undefined : nobodyElseHas({ email }),
        username === undefined ? undefined : nobodyElseHas({ username }),
      );
      const values = {
        ...given({ ...others, email, username, disabled }),
        version: sql`${users.version} + 1`,
        epoch: sql`${users.epoch} + ${grows}`,
      };
      const mayEnd = endSessions || disabled !== undefined;
      const moves = mayEnd ? and(where, sql`${grows} = 1`) : undefined;
      const [row] = await together(
        (db) => db.update(users).set(values).where(where).returning(publicColumns),
        { before: companions, where, moves, link },
      );
      return row ? toUser(row) : null;
    },
    async replaceHash(id, verified, replacement) {
      await database.run((db) =>
        db.update(users).set({ passwordHash: replacement }).where(holds(id, { verified })),
      );
    },
    async remove(id, condition = {}, companions = []) {
      const where = holds(id, condition);
      const [row] = await together((db) => db.delete(users).where(where).returning(publicColumns), {
        before: companions,
        where,
      });
      return row ? toUser(row) : null;
    },
  };
}

interface Together {
  before?: readonly Companion[];
  after?: readonly Companion[];
  /** Picks the row that is about to change. */
  where: SQL | undefined;
  /** Picks it if the change ends its sessions, and what would move the account with them. */
  moves?: SQL | undefined;
  link?: LinkUse | undefined;
}

/** Of parallel uses the first finds the link under its digest, and no other one does. */
function takeLink(db: Drizzle, { digest, leaves }: LinkUse): BatchItem<'sqlite'> {
  const taken = eq(linkTokens.digest, digest);
  if (!leaves) return db.delete(linkTokens).where(taken);
  return db
    .update(linkTokens)
    .set({ ...leaves, purpose: 'used' })
    .where(taken);
}

/** A new row while the link is there. */
function rowOfLink(db: Drizzle, user: UserByLink, link: LinkUse) {
  return db
    .select({
      id: sql<string>`${user.id}`.as('id'),
      email: linkTokens.address,
      username: sql<null>`NULL`.as('username'),
      name: linkTokens.name,
      roles: sql<string[]>`'["user"]'`.as('roles'),
      passwordHash: sql<string>`${user.passwordHash}`.as('password_hash'),
      emailVerified: sql<boolean>`1`.as('email_verified'),
      disabled: sql<boolean>`0`.as('disabled'),
      epoch: sql<number>`0`.as('epoch'),
      version: sql<number>`0`.as('version'),
      createdAt: sql<number>`${user.createdAt}`.as('created_at'),
    })
    .from(linkTokens)
    .where(validLink(link));
}

/** Only the columns that a change names. */
const given = (change: UserChange) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

/** An import may hold roles that are none, or leave out the one that everybody has. */
function toUser(row: User): User {
  const roles = Array.isArray(row.roles)
    ? row.roles.filter((role) => typeof role === 'string' && ROLE.test(role))
    : [];
  return { ...row, roles: withUserRole(roles) };
}
