import { and, eq, type SQL, sql } from 'drizzle-orm';
import { users } from '../db/schema.ts';
import type { Identifier, UpdateCondition } from './users.ts';

/** Picks the user whom an identifier names. */
export function named(identifier: Identifier): SQL {
  if ('email' in identifier) return eq(users.email, identifier.email);
  if ('username' in identifier) return eq(users.username, identifier.username);
  return eq(users.id, identifier.id);
}

/** In the statement itself, so that nobody can come in between. */
const NOT_LAST_ADMIN = sql`(
  ${users.disabled} OR NOT EXISTS (SELECT 1 FROM json_each(${users.roles}) WHERE value = 'admin')
  OR EXISTS (
    SELECT 1 FROM users AS other, json_each(other.roles) AS role
    WHERE role.value = 'admin' AND NOT other.disabled AND other.id <> ${users.id}
  ))`;

/** Picks one user, where the conditions of a change hold. */
export function holds(
  id: string,
  { epoch, notLastAdmin, verified }: UpdateCondition,
): SQL | undefined {
  return and(
    eq(users.id, id),
    epoch === undefined ? undefined : eq(users.epoch, epoch),
    notLastAdmin ? NOT_LAST_ADMIN : undefined,
    verified === undefined ? undefined : eq(users.passwordHash, verified),
  );
}

/** No other user has the user name. */
export const nobodyElseHas = (username: string): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM users AS other WHERE other.username = ${username} AND other.id <> ${users.id})`;
