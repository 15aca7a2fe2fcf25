import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { LONGEST_LOGIN_NAME, storedName } from '../users/login-name.ts';
import { type Finding, findingsOn, reasonOf } from './findings.ts';

const { ok, warn } = findingsOn('database');

/** How many rows are looked at closely, and how many of those are named. */
const LOOKED_AT = 10_000;
const NAMED = 10;

interface Row {
  id: string;
  email: string | null;
  username: string | null;
}

/**
 * Users whom no login finds, because what it looks up is never what an import wrote: a name in
 * another Unicode form, in upper case, with spaces around it, or too long.
 */
export async function checkNames(database: Database): Promise<Finding> {
  const odd = (name: 'email' | 'username') => {
    const column = sql.identifier(name);
    return sql`(${column} IS NULL OR ${column} = '' OR ${column} GLOB '*[^!-~]*'
      OR length(${column}) > ${LONGEST_LOGIN_NAME})`;
  };
  try {
    const rows = await database.run((db) =>
      db.all<Row>(sql`
        SELECT id, email, username FROM users WHERE ${odd('email')} AND ${odd('username')}
        LIMIT ${LOOKED_AT}`),
    );
    const lost = rows.filter((row) => !isFound(row.email) && !isFound(row.username));
    return lost.length === 0 ? ok('A login finds every user by a name.') : warn(told(lost));
  } catch (error) {
    return warn(`Names that no login finds were not looked for: ${reasonOf(error)}.`);
  }
}

const isFound = (name: string | null) => name !== null && storedName(name) === name;

function told(lost: readonly Row[]): string {
  const shown = lost.slice(0, NAMED).map(({ id, email, username }) => {
    return `${quoted(username ?? email ?? '')} (id ${quoted(id)})`;
  });
  const more = lost.length > NAMED ? ` and ${lost.length - NAMED} more` : '';
  return (
    `Nobody can sign in as ${shown.join(', ')}${more}: a login looks names up in lower case and NFC, ` +
    'without spaces around them or control characters. Write them so in the table users.'
  );
}

/** With everything escaped that may look like something else. */
const quoted = (text: string) =>
  JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
