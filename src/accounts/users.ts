import { and, eq, or, SQL } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { users } from '../db/schema.ts';
import type { Milliseconds } from '../time.ts';

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
  /** Grows with every change of the row. */
  version: number;
  createdAt: Milliseconds;
}

export type NewUser = Pick<User, 'id' | 'email' | 'username' | 'name' | 'createdAt'> & {
  passwordHash: string;
};

/** Whom a login names: exactly one of the two, in canonical form. */
export type Identifier = { email: string } | { username: string };

/** The only queries on the users table. Each is one statement, and rejects with a `Fault`. */
export interface Users {
  /** null: no such user. */
  byId(id: string): Promise<User | null>;
  /** null: no such user. */
  withPassword(identifier: Identifier): Promise<{ user: User; passwordHash: string | null } | null>;
  /** Which of the two names somebody has already. null: neither. */
  taken(names: Pick<User, 'email' | 'username'>): Promise<'email' | 'username' | null>;
  /** false: the email, the user name or the id is taken; nothing was written. */
  insert(user: NewUser): Promise<boolean>;
  /** Replaces a hash while it still is the one that was verified. */
  replaceHash(id: string, verified: string, replacement: string): Promise<void>;
}

const { passwordHash, ...publicColumns } = {
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
          .select({ ...publicColumns, passwordHash })
          .from(users)
          .where(named(identifier)),
      );
      if (!row) return null;
      const { passwordHash: hash, ...user } = row;
      return { user: toUser(user), passwordHash: hash };
    },
    async taken({ email, username }) {
      const names = [email && eq(users.email, email), username && eq(users.username, username)];
      const rows = await database.run((db) =>
        db
          .select({ email: users.email })
          .from(users)
          .where(or(...names.filter((name) => name instanceof SQL))),
      );
      if (rows.length === 0) return null;
      return rows.some((row) => email !== null && row.email === email) ? 'email' : 'username';
    },
    async insert(user) {
      const rows = await database.run((db) =>
        db.insert(users).values(user).onConflictDoNothing().returning({ id: users.id }),
      );
      return rows.length === 1;
    },
    async replaceHash(id, verified, replacement) {
      await database.run((db) =>
        db
          .update(users)
          .set({ passwordHash: replacement })
          .where(and(eq(users.id, id), eq(users.passwordHash, verified))),
      );
    },
  };
}

const named = (identifier: Identifier): SQL =>
  'email' in identifier
    ? eq(users.email, identifier.email)
    : eq(users.username, identifier.username);

/** An import may have left the role out that everybody has. */
function toUser(row: User): User {
  const roles = Array.isArray(row.roles)
    ? row.roles.filter((role) => typeof role === 'string')
    : [];
  return { ...row, roles: roles.includes('user') ? roles : ['user', ...roles] };
}
