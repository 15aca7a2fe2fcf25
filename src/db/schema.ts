import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { EventKind } from '../events/events.ts';
import type { MailPurpose } from '../mail/queue.ts';
import type { LinkPurpose } from '../users/link-tokens.ts';

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

/** Secrets in mailed links: each works once, for one purpose, one user and one address. */
export const linkTokens = sqliteTable(
  'link_tokens',
  {
    /** SHA-256 of the secret, which stands nowhere but in the mail. */
    digest: text().primaryKey(),
    /** `used`: taken, and kept for a while so that the same form sent again is known. */
    purpose: text().$type<LinkPurpose | 'used'>().notNull(),
    /** null: there is no user yet. */
    userId: text('user_id'),
    address: text().notNull(),
    /** The name that a user is to have who is not there yet. */
    name: text(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('link_tokens_user').on(table.userId)],
);

/** Mail that is to be sent. What it says is made when it is sent, so no secret is at rest here. */
export const mailQueue = sqliteTable(
  'mail_queue',
  {
    id: text().primaryKey(),
    purpose: text().$type<MailPurpose>().notNull(),
    /** null: whoever has the address, if anybody. */
    userId: text('user_id'),
    address: text().notNull(),
    /** Whether the user had confirmed the address when the mail was put in. */
    confirmed: integer({ mode: 'boolean' }).notNull().default(false),
    name: text(),
    /** The user's epoch when it was asked for: what asked may have been ended since. */
    epoch: integer(),
    language: text().notNull(),
    createdAt: integer('created_at').notNull(),
    attempts: integer().notNull().default(0),
    /** When its link was made. Null: none was. Its secret is derived from it, so tries share one. */
    linkAt: integer('link_at'),
    /** Not before; moved on by whoever takes it to be sent, so that nobody else does. */
    dueAt: integer('due_at').notNull(),
  },
  (table) => [index('mail_queue_due').on(table.dueAt), index('mail_queue_user').on(table.userId)],
);

/** Security events, as their owner and admins see them. */
export const events = sqliteTable(
  'events',
  {
    /** UUIDv7, so by time. */
    id: text().primaryKey(),
    kind: text().$type<EventKind>().notNull(),
    /** Whose account; null: nobody's, such as a login with a name that nobody has. */
    userId: text('user_id'),
    /** Who did it; null: whoever is not signed in. */
    actorId: text('actor_id'),
    ip: text(),
    userAgent: text('user_agent'),
    requestId: text('request_id').notNull(),
    at: integer().notNull(),
  },
  (table) => [index('events_user').on(table.userId, table.id), index('events_at').on(table.at)],
);

/** Devices that users have signed in on: their failed logins are counted apart. */
export const knownDevices = sqliteTable(
  'known_devices',
  {
    userId: text('user_id').notNull(),
    /** A digest of the id in the device's cookie. */
    id: text().notNull(),
    userAgent: text('user_agent'),
    createdAt: integer('created_at').notNull(),
    /** Exact to the hour. */
    lastUsedAt: integer('last_used_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.id] }),
    index('known_devices_used').on(table.lastUsedAt),
  ],
);
