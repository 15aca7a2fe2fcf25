import { sql } from 'drizzle-orm';
import { check, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Everything but the id and one of the two names has a default, so that a table of another system
 * can be copied in. An import keeps `email` and `username` in their canonical form.
 */
export const users = sqliteTable(
  'users',
  {
    /** UUIDv7, or any text from an import, up to 128 characters. */
    id: text().primaryKey(),
    email: text().unique(),
    username: text().unique(),
    name: text(),
    roles: text({ mode: 'json' }).$type<string[]>().notNull().default(['user']),
    /** null: nobody can sign in with a password. */
    passwordHash: text('password_hash'),
    emailVerified: integer('email_verified', { mode: 'boolean' }).notNull().default(false),
    disabled: integer({ mode: 'boolean' }).notNull().default(false),
    /** Grows when every session of the user must end. */
    epoch: integer().notNull().default(0),
    /** Grows with every change of the row that others can see. */
    version: integer().notNull().default(0),
    /** Milliseconds since the Unix epoch. */
    createdAt: integer('created_at')
      .notNull()
      .default(sql`(CAST(unixepoch('subsec') * 1000 AS INTEGER))`),
  },
  (table) => [
    // Longer ones would not fit into a cookie with the token that names them.
    check('users_id_length', sql`length(${table.id}) BETWEEN 1 AND 128`),
    check(
      'users_roles_array',
      sql`json_valid(${table.roles}) AND json_type(${table.roles}) = 'array'`,
    ),
    check('users_have_a_name', sql`${table.email} IS NOT NULL OR ${table.username} IS NOT NULL`),
    check('users_email_lower_case', sql`${table.email} = lower(${table.email})`),
    check('users_username_lower_case', sql`${table.username} = lower(${table.username})`),
  ],
);
