import { and, eq, inArray, ne, type SQL, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { Milliseconds } from '../time.ts';
import type { Companion, EventOfUser, MailToUser } from '../users/companion.ts';
import type { NewDevice } from '../users/devices.ts';
import type { LinkPurpose } from '../users/link-tokens.ts';
import type { Drizzle } from './client.ts';
import { knownDevices, linkTokens, users } from './schema.ts';

/**
 * The statement of a companion. `where` picks the row of the users table that is about to change, and
 * nothing when the condition of the change does not hold.
 */
export function statementOf(companion: Companion, db: Drizzle, where: SQL | undefined) {
  if ('event' in companion) return recordEvent(db, where, companion.event);
  if ('mail' in companion) return putMail(db, where, companion.mail);
  if ('knownDevice' in companion) return rememberDevice(db, where, companion.knownDevice);
  if ('forgetDevices' in companion) {
    return db.delete(knownDevices).where(inArray(knownDevices.userId, changed(db, where)));
  }
  if ('link' in companion) return addLink(db, where, companion.link);
  const { except, purpose } = companion.dropLinks;
  const which = and(
    except === null ? undefined : ne(linkTokens.digest, except),
    purpose && eq(linkTokens.purpose, purpose),
  );
  return dropLinks(db, where, which);
}

/** A link that is bound to the user alone: there may be no address. */
function addLink(
  db: Drizzle,
  where: SQL | undefined,
  { digest, purpose, expiresAt }: { digest: string; purpose: LinkPurpose; expiresAt: Milliseconds },
): BatchItem<'sqlite'> {
  return db.run(sql`
    INSERT INTO link_tokens (digest, purpose, user_id, address, expires_at)
    SELECT ${digest}, ${purpose}, ${users.id}, '', ${expiresAt} FROM ${users} WHERE ${where}`);
}

/** Mail to the user whom `where` picks. */
export function putMail(
  db: Drizzle,
  where: SQL | undefined,
  { id, purpose, address, confirmed, confirming, notice, language, createdAt }: MailToUser,
): BatchItem<'sqlite'> {
  const to = address === null ? users.email : sql`${address}`;
  const isConfirmed = confirming
    ? sql`1`
    : sql`(${users.emailVerified} AND ${users.email} IS ${to})`;
  const noneWaits = sql`NOT EXISTS (
    SELECT 1 FROM mail_queue AS waiting
    WHERE waiting.user_id = ${users.id} AND waiting.purpose = ${purpose} AND waiting.address = ${to})`;
  const wanted = and(
    where,
    sql`${to} IS NOT NULL`,
    confirmed ? isConfirmed : undefined,
    notice ? sql`(${isConfirmed} OR ${noneWaits})` : undefined,
  );
  return db.run(sql`
    INSERT INTO mail_queue
      (id, purpose, user_id, address, confirmed, epoch, language, created_at, due_at)
    SELECT ${id}, ${purpose}, ${users.id}, ${to}, ${isConfirmed}, ${users.epoch}, ${language},
      ${createdAt}, ${createdAt}
    FROM ${users} WHERE ${wanted}`);
}

/** Makes a device known for the user whom `where` picks, or used once more. */
export function rememberDevice(
  db: Drizzle,
  where: SQL | undefined,
  { id, userAgent, at }: NewDevice,
): BatchItem<'sqlite'> {
  return db.run(sql`
    INSERT INTO known_devices (user_id, id, user_agent, created_at, last_used_at)
    SELECT ${users.id}, ${id}, ${userAgent}, ${at}, ${at} FROM ${users} WHERE ${where}
    ON CONFLICT (user_id, id) DO UPDATE SET
      user_agent = excluded.user_agent, last_used_at = excluded.last_used_at`);
}

/** What would move the account ends with the sessions that it may have been asked for in. */
export const dropMoves = (db: Drizzle, where: SQL | undefined) =>
  dropLinks(db, where, eq(linkTokens.purpose, 'change_email'));

function recordEvent(
  db: Drizzle,
  where: SQL | undefined,
  { id, kind, actorId, ip, userAgent, requestId, at }: EventOfUser,
): BatchItem<'sqlite'> {
  return db.run(sql`
    INSERT INTO events (id, kind, user_id, actor_id, ip, user_agent, request_id, at)
    SELECT ${id}, ${kind}, ${users.id}, ${actorId}, ${ip}, ${userAgent}, ${requestId}, ${at}
    FROM ${users} WHERE ${where}`);
}

function dropLinks(db: Drizzle, where: SQL | undefined, which: SQL | undefined) {
  return db.delete(linkTokens).where(and(inArray(linkTokens.userId, changed(db, where)), which));
}

/** The user whom `where` picks. */
const changed = (db: Drizzle, where: SQL | undefined) =>
  db.select({ id: users.id }).from(users).where(where);
