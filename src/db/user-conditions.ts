import { and, eq, gt, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { Condition, Identifier, LinkUse } from '../users/users.ts';
import { linkTokens, users } from './schema.ts';

/** Picks the user whom an identifier names. */
export function named(identifier: Identifier): SQL {
  if ('email' in identifier) return eq(users.email, identifier.email);
  if ('username' in identifier) return eq(users.username, identifier.username);
  if ('login' in identifier) {
    const { login } = identifier;
    const [name = ''] = login;
    const byEmail = inArray(users.email, [...login]);
    // Each side goes by an index of its own.
    return name.includes('@') ? sql`(${byEmail} OR ${eq(users.username, name)})` : byEmail;
  }
  return eq(users.id, identifier.id);
}

/** In the statement itself, so that nobody can come in between. */
const NOT_LAST_ADMIN = sql`(
  ${users.disabled} OR NOT EXISTS (SELECT 1 FROM json_each(${users.roles}) WHERE value = 'admin')
  OR EXISTS (
    SELECT 1 FROM users AS other, json_each(other.roles) AS role
    WHERE role.value = 'admin' AND NOT other.disabled AND other.id <> ${users.id}
      AND other.password_hash IS NOT NULL
  ))`;

/** In the statement itself, so that no other change of the row comes in between. */
const mayGain = (roles: readonly string[]) => sql`(
  ${users.email} IS NULL OR ${users.emailVerified} OR ${users.passwordHash} IS NULL
  OR NOT EXISTS (
    SELECT 1 FROM json_each(${JSON.stringify(roles)}) AS wanted
    WHERE wanted.value <> 'user'
      AND NOT EXISTS (
        SELECT 1 FROM json_each(${users.roles}) AS held WHERE held.value = wanted.value
      )
  ))`;

/** Picks one user, where the conditions of a change hold. */
export function holds(id: string, condition: Condition): SQL | undefined {
  const { epoch, notLastAdmin, verified, enabled, confirmedToGain } = condition;
  return and(
    eq(users.id, id),
    epoch === undefined ? undefined : eq(users.epoch, epoch),
    enabled ? eq(users.disabled, false) : undefined,
    notLastAdmin ? NOT_LAST_ADMIN : undefined,
    confirmedToGain ? mayGain(confirmedToGain) : undefined,
    verified === undefined ? undefined : eq(users.passwordHash, verified),
  );
}

/** No other user has the name. */
export function nobodyElseHas(name: { username: string } | { email: string }): SQL {
  const same =
    'email' in name
      ? sql`(other.email = ${name.email} OR other.username = ${name.email})`
      : sql`other.username = ${name.username}`;
  return sql`NOT EXISTS (SELECT 1 FROM users AS other WHERE ${same} AND other.id <> ${users.id})`;
}

/** Picks a link that is still there, for one of these purposes, and in time. */
export const validLink = ({ digest, purposes, now }: LinkUse): SQL | undefined =>
  and(
    eq(linkTokens.digest, digest),
    inArray(linkTokens.purpose, [...purposes]),
    gt(linkTokens.expiresAt, now),
  );

/**
 * A valid link of the user, which went to the address that they have or are about to get. One that was
 * handed over went to none.
 */
export const byLink = (link: LinkUse, newEmail: string | undefined): SQL =>
  sql`EXISTS (SELECT 1 FROM ${linkTokens} WHERE ${and(
    validLink(link),
    eq(linkTokens.userId, users.id),
    or(eq(linkTokens.purpose, 'handed_over'), eq(linkTokens.address, newEmail ?? users.email)),
  )})`;
