import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { checkMigrations } from '../db/migrate.ts';
import { type Clock, type Milliseconds, minutes, seconds } from '../time.ts';
import { type Finding, findingsOn, reasonOf } from './findings.ts';
import { checkNames } from './names.ts';

const { ok, warn, wrong } = findingsOn('database');

export interface DatabaseTools {
  open(): Promise<Database>;
  /** What people know it by: its host or its path. */
  name: string;
  /** A server, which `db:migrate` brings up to date. A file is brought up to date at start. */
  remote: boolean;
  /** Folder of the migrations. */
  migrations: string;
  clock: Clock;
}

/** Whether the database answers, has all migrations, and goes by the same time as this machine. */
export async function checkDatabase(tools: DatabaseTools): Promise<Finding[]> {
  let database: Database | null = null;
  try {
    checkMigrations(tools.migrations);
  } catch (error) {
    return [wrong(`${(error as Error).message}.`)];
  }
  try {
    database = await tools.open();
    const time = await readTime(database, tools);
    const migrations = await readMigrations(database, tools);
    return [time, migrations, ...(await readNames(database))];
  } catch (error) {
    return [wrong(`${tools.name} does not answer: ${reasonOf(error)}. See ${settingOf(tools)}.`)];
  } finally {
    database?.close();
  }
}

/** Nothing of them can be said before the table is there. */
async function readNames(database: Database): Promise<Finding[]> {
  const tables = await database.run((db) =>
    db.all(sql`SELECT name FROM sqlite_master WHERE name = 'users'`),
  );
  return tables.length === 0 ? [] : [await checkNames(database)];
}

const settingOf = ({ remote }: DatabaseTools) =>
  remote ? 'TURSO_DATABASE_URL and TURSO_AUTH_TOKEN' : 'DATA_DIR';

/** Between machines so far apart, sessions and what is mailed end early or late. */
const FAR_OFF = minutes(5);
const OFF = seconds(1);

async function readTime(database: Database, { name, remote, clock }: DatabaseTools) {
  const ask = () =>
    database.run((db) => db.all<{ now: number }>(sql`SELECT unixepoch('subsec') * 1000 AS now`));
  // The first call makes the connection.
  await ask();
  const before = clock.now();
  const [row] = await ask();
  const after = clock.now();
  const said = `${name} answers in ${Math.round(after - before)} ms`;
  if (!remote) return ok(`${said}.`);
  const skew = (row?.now ?? Number.NaN) - (before + after) / 2;
  // The server looked at its clock at some moment in between.
  const sure = Math.abs(skew) - (after - before) / 2;
  return judgeSkew(said, skew, sure);
}

function judgeSkew(said: string, skew: Milliseconds, sure: Milliseconds): Finding {
  if (!(sure > OFF)) return ok(`${said}, and its clock is that of this machine.`);
  const amount = `${(Math.abs(skew) / 1000).toFixed(1)} s`;
  const how = `its clock is ${amount} ${skew > 0 ? 'ahead of' : 'behind'} that of this machine`;
  const remedy = 'Set both by NTP.';
  if (sure > FAR_OFF) return wrong(`${said}, but ${how}: times are not to be trusted. ${remedy}`);
  return warn(`${said}, but ${how}. ${remedy}`);
}

interface Journal {
  entries: { when: number; tag: string }[];
}

async function readMigrations(database: Database, tools: DatabaseTools): Promise<Finding> {
  const path = join(tools.migrations, 'meta', '_journal.json');
  const { entries } = JSON.parse(readFileSync(path, 'utf8')) as Journal;
  const applied = await appliedMigrations(database);
  const missing = entries.filter(({ when }) => !applied.has(when)).map(({ tag }) => tag);
  if (missing.length > 0) {
    const said = `${missing.length} of ${entries.length} migrations are not applied`;
    const list = missing.join(', ');
    if (!tools.remote) return ok(`${said} (${list}); the next start applies them.`);
    return wrong(`${said} (${list}). Run: npm run db:migrate`);
  }
  if (applied.size > entries.length) {
    return warn(
      `It has more migrations (${applied.size}) than this version of Gatehouse knows ` +
        `(${entries.length}): a newer one was here. Run that version.`,
    );
  }
  return ok('All migrations are applied.');
}

/** By the moment at which each was made, which is how they are told apart. */
async function appliedMigrations(database: Database): Promise<Set<number>> {
  const tables = await database.run((db) =>
    db.all(sql`SELECT name FROM sqlite_master WHERE name = '__drizzle_migrations'`),
  );
  if (tables.length === 0) return new Set();
  const rows = await database.run((db) =>
    db.all<{ at: number }>(sql`SELECT created_at AS at FROM __drizzle_migrations`),
  );
  return new Set(rows.map(({ at }) => Number(at)));
}
