import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { Hono } from 'hono';

const time = (name) => integer(name, { mode: 'timestamp_ms' });

const schema = {
  user: sqliteTable('user', {
    id: text().primaryKey(),
    name: text().notNull(),
    email: text().notNull().unique(),
    emailVerified: integer('email_verified', { mode: 'boolean' }).notNull().default(false),
    image: text(),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
  }),
  account: sqliteTable('account', {
    id: text().primaryKey(),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    userId: text('user_id').notNull(),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: time('access_token_expires_at'),
    refreshTokenExpiresAt: time('refresh_token_expires_at'),
    scope: text(),
    password: text(),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
  }),
};

/** Its tables, as far as sign-in by password uses them. Sessions are in Redis. */
export const TABLES = [
  `CREATE TABLE user (id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE,
    email_verified INTEGER NOT NULL DEFAULT 0, image TEXT, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL)`,
  `CREATE TABLE account (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, provider_id TEXT NOT NULL,
    user_id TEXT NOT NULL, access_token TEXT, refresh_token TEXT, id_token TEXT,
    access_token_expires_at INTEGER, refresh_token_expires_at INTEGER, scope TEXT,
    password TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL)`,
  'CREATE INDEX account_user ON account (user_id)',
];

/**
 * Peer (b): better-auth on Hono, users through its Drizzle adapter, sessions in its secondary
 * storage alone, everything else as it comes. Its rate limit is off, because the load comes from
 * one address.
 */
export function createApp({ db, secondaryStorage, baseURL, secret }) {
  const auth = betterAuth({
    baseURL,
    secret,
    database: drizzleAdapter(db, { provider: 'sqlite', schema }),
    secondaryStorage,
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
  });
  return new Hono().on(['GET', 'POST'], '/api/auth/*', (c) => auth.handler(c.req.raw));
}
