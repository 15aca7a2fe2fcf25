import { and, asc, eq, gt, or, SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { users } from '../db/schema.ts';
import type { Milliseconds } from '../time.ts';
import { ROLE, withUserRole } from './roles.ts';
import { holds, named, nobodyElseHas } from './user-conditions.ts';

/** A row of the users table without its password hash. */
export interface User {
  id: string;
  email: string | null;
  username: string | null;
  name: string | null;
  /** Always has `user`. */
  roles: string[];
  emailVerified: boolean;
  disabled: boolean;
  /** Grows when every session of the user must end. */
  epoch: number;
  /** Grows with every change of the row that others can see. */
  version: number;
  createdAt: Milliseconds;
}

export interface UserWithPassword {
  user: User;
  /** null: nobody can sign in with a password. */
  passwordHash: string | null;
}

export type NewUser = Pick<User, 'id' | 'email' | 'username' | 'name' | 'createdAt'> & {
  passwordHash: string;
};

/** Names one user, in canonical form. */
export type Identifier = { email: string } | { username: string } | { id: string };

export interface UserChange {
  name?: string | null | undefined;
  username?: string | undefined;
  roles?: string[] | undefined;
  /** Ends every session of the user when it is another value than before. */
  disabled?: boolean | undefined;
  passwordHash?: string | undefined;
  /** Ends every session of the user. */
  endSessions?: boolean;
}

export interface UpdateCondition {
  /** What a session asks for holds only while the user still has the session's epoch. */
  epoch?: number;
  /** Not when the user is the only admin who can sign in. */
  notLastAdmin?: boolean;
  /** The stored hash is still the one that a password was verified against. */
  verified?: string;
}

export interface UserQuery {
  /** Part of the email, the user name or the name. Empty: everybody. */
  query: string;
  /** The id after which to go on. Empty: from the start. */
  cursor: string;
  limit: number;
}

/** The only queries on the users table. Each is one statement, and rejects with a `Fault`. */
export interface Users {
  /** null: no such user. */
  byId(id: string): Promise<User | null>;
  /** null: no such user. */
  withPassword(identifier: Identifier): Promise<UserWithPassword | null>;
  /** Which of the two names another user has already. null: neither. */
  taken(names: Partial<Pick<User, 'email' | 'username'>>): Promise<'email' | 'username' | null>;
  /** By id, which is by creation. */
  list(query: UserQuery): Promise<User[]>;
  /** false: the email, the user name or the id is taken; nothing was written. */
  insert(user: NewUser): Promise<boolean>;
  /**
   * Changes a row and its `version`, and answers the row after it. null: no such user, the condition
   * did not hold, or another user has the user name; nothing was changed.
   */
  update(id: string, change: UserChange, condition?: UpdateCondition): Promise<User | null>;
  /** Replaces a hash while it still is the one that was verified; the password is the same. */
  replaceHash(id: string, verified: string, replacement: string): Promise<void>;
  /** Deletes a row, and answers what it was. null: the condition did not hold; it is still there. */
  remove(id: string, condition?: UpdateCondition): Promise<User | null>;
}

const { passwordHash: hashColumn, ...publicColumns } = {
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
  passwordHash: users.passwordHash,
};

export function createUsers(database: Database): Users {
  return {
    async byId(id) {
      const [row] = await database.run((db) =>
        db.select(publicColumns).from(users).where(eq(users.id, id)),
      );
      return row ? toUser(row) : null;
    },
    async withPassword(identifier) {
      const [row] = await database.run((db) =>
        db
          .select({ ...publicColumns, passwordHash: hashColumn })
          .from(users)
          .where(named(identifier)),
      );
      if (!row) return null;
      const { passwordHash: hash, ...user } = row;
      return { user: toUser(user), passwordHash: hash };
    },
    async taken({ email, username }) {
      if (!email && !username) return null;
      const names = [email && eq(users.email, email), username && eq(users.username, username)];
      const rows = await database.run((db) =>
        db
          .select({ email: users.email })
          .from(users)
          .where(or(...names.filter((name) => name instanceof SQL))),
      );
      if (rows.length === 0) return null;
      return email && rows.some((row) => row.email === email) ? 'email' : 'username';
    },
    async list({ query, cursor, limit }) {
      const contains = (column: SQL.Aliased | (typeof users)[keyof typeof publicColumns]) =>
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
    async insert(user) {
      const rows = await database.run((db) =>
        db.insert(users).values(user).onConflictDoNothing().returning({ id: users.id }),
      );
      return rows.length === 1;
    },
    async update(id, change, condition = {}) {
      const { name, username, roles, disabled, passwordHash, endSessions } = change;
      const ended = disabled === undefined ? sql`0` : sql`(${users.disabled} <> ${disabled})`;
      const [row] = await database.run((db) =>
        db
          .update(users)
          .set({
            ...(name === undefined ? {} : { name }),
            ...(username === undefined ? {} : { username }),
            ...(roles === undefined ? {} : { roles }),
            ...(disabled === undefined ? {} : { disabled }),
            ...(passwordHash === undefined ? {} : { passwordHash }),
            version: sql`${users.version} + 1`,
            epoch: sql`${users.epoch} + ${endSessions ? sql`1` : ended}`,
          })
          .where(
            and(holds(id, condition), username === undefined ? undefined : nobodyElseHas(username)),
          )
          .returning(publicColumns),
      );
      return row ? toUser(row) : null;
    },
    async replaceHash(id, verified, replacement) {
      await database.run((db) =>
        db.update(users).set({ passwordHash: replacement }).where(holds(id, { verified })),
      );
    },
    async remove(id, condition = {}) {
      const [row] = await database.run((db) =>
        db.delete(users).where(holds(id, condition)).returning(publicColumns),
      );
      return row ? toUser(row) : null;
    },
  };
}

/** An import may hold roles that are none, or leave out the one that everybody has. */
function toUser(row: User): User {
  const roles = Array.isArray(row.roles)
    ? row.roles.filter((role) => typeof role === 'string' && ROLE.test(role))
    : [];
  return { ...row, roles: withUserRole(roles) };
}
