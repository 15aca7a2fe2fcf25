import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { createLinkTokens } from '../../src/db/links-table.ts';
import { openGate } from '../../src/passwords/gate.ts';
import { createPasswords } from '../../src/passwords/passwords.ts';
import { hours } from '../../src/time.ts';
import { createIssueLink, type Link } from '../../src/users/link-tokens.ts';
import type { TestApp } from './app.ts';
import { otherServer } from './requests.ts';
import { runtime } from './runtime.ts';

const TRIES = 20;

/** Servers over a database, and somebody in it who shares it with other tests. */
export async function linkScene(app: TestApp, databases: [Database, ...Database[]]) {
  const [database] = databases;
  const id = randomUUID();
  const email = `${id}@example.com`;
  const { bcrypt } = runtime;
  const hashed = await createPasswords({ bcrypt, gate: openGate, cost: 4 }).hash(
    'an old password',
    [],
  );
  const hash = hashed.ok ? hashed.hash : '';
  const all = <T>(query: ReturnType<typeof sql>) => database.run((db) => db.all<T>(query));
  await all(sql`INSERT INTO users (id, email, password_hash) VALUES (${id}, ${email}, ${hash})`);
  const servers = databases.map((one) => otherServer(app, {}, { database: one, gate: openGate }));

  return {
    id,
    email,
    all,
    /** The secret of a link, made by a mail that is wanted and that nobody sends. */
    async issue(link: Pick<Link, 'purpose' | 'userId' | 'address'>): Promise<string> {
      const mail = randomUUID();
      const far = 9_000_000_000_000;
      await all(sql`
        INSERT INTO mail_queue (id, purpose, address, language, created_at, due_at)
        VALUES (${mail}, ${link.purpose}, ${link.address}, 'en', ${far}, ${far})`);
      const links = createLinkTokens(database);
      const issueLink = createIssueLink(links, app.clock, 'a test', () => hours(1));
      const wanted = { id: mail, epoch: 0, linkAt: null };
      const issued = await issueLink({ name: null, ...link }, wanted);
      await all(sql`DELETE FROM mail_queue WHERE id = ${mail}`);
      if (issued === null) throw new Error('no link');
      return issued.secret;
    },
    /** Twenty requests at once, spread over the servers. Answers which of them were answered so. */
    async race(path: string, bodyOf: (i: number) => object, wonWith = 204) {
      const answers = await Promise.all(
        Array.from({ length: TRIES }, (_, i) => {
          const client = servers[i % servers.length]?.();
          const sent = bodyOf(i);
          return client?.post(path, wonWith === 303 ? { form: sent as never } : { json: sent });
        }),
      );
      const statuses = answers.map((answer) => answer?.status);
      const won = statuses.flatMap((status, i) => (status === wonWith ? [i] : []));
      expect(statuses.filter((status) => status === 400)).toHaveLength(TRIES - won.length);
      return won;
    },
    login: (password: string, name = email) =>
      servers[0]?.().post('/auth/login', { json: { email: name, password } }),
  };
}
