import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type SQL, sql } from 'drizzle-orm';
import Sqlite from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectRemote, type Database } from '../../src/db/client.ts';
import { openFile } from '../../src/db/file.ts';
import { applyMigrations } from '../../src/db/migrate.ts';
import { createUsers } from '../../src/db/users-table.ts';
import { Fault } from '../../src/errors.ts';
import type { NewUser, Users } from '../../src/users/users.ts';
import { databaseUrl } from '../support/database-url.ts';

/** Limit of one statement, ms. */
const TIMEOUT = 100;

const USER: NewUser = {
  id: 'secret-id',
  email: 'secret@example.com',
  username: 'secret-name',
  name: 'no such table: secret',
  createdAt: 0,
  passwordHash: 'secret-hash',
};

const CALLS: Record<string, (users: Users) => Promise<unknown>> = {
  byId: (users) => users.byId(USER.id),
  withPassword: (users) => users.withPassword({ email: 'secret@example.com' }),
  taken: (users) => users.taken({ email: 'secret@example.com', username: 'secret-name' }),
  insert: (users) => users.insert(USER),
  replaceHash: (users) => users.replaceHash('secret-id', 'secret-hash', 'secret-new'),
};

async function expectFaults(database: Database, reason = /^database: \S/) {
  const users = createUsers(database);
  const outcomes = await Promise.allSettled(Object.values(CALLS).map((call) => call(users)));
  expect(outcomes).toHaveLength(5);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { part: 'database' } });
    const { reason: fault } = outcome as PromiseRejectedResult;
    expect(fault).toBeInstanceOf(Fault);
    expect(fault.message).toMatch(reason);
    const shown = [JSON.stringify(fault), inspect(fault, { depth: 9, showHidden: true })];
    expect(shown.join()).not.toContain('secret');
  }
}

async function serve(handler: http.RequestListener) {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(async () => void (await close()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** A file of its own for one test. */
async function openOwnFile({ migrated = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-faults-'));
  const path = join(folder, 'gatehouse.db');
  const database = await openFile(path);
  if (migrated) await applyMigrations(database, 'drizzle');
  onTestFinished(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { path, database };
}

const FAULTS: Record<string, http.RequestListener> = {
  'does not answer': () => {},
  'stops in the middle of its answer': (_, response) => void response.writeHead(200).write('{"'),
  'closes the connection': (_, response) => void response.destroy(),
  'answers 500': (_, response) => void response.writeHead(500).end('{"error":"secret"}'),
  'answers 429': (_, response) => void response.writeHead(429).end(),
  'answers 401': (_, response) => void response.writeHead(401).end('{"error":"secret"}'),
  'answers HTML with status 200': (_, response) => void response.end('<!doctype html>secret'),
  'answers {} with status 200': (_, response) => void response.end('{}'),
  'answers nothing with status 200': (_, response) => void response.end(),
};

describe('a libSQL server', () => {
  it.each(Object.entries(FAULTS))('that %s is a fault, in time', async (_, handler) => {
    const { url } = await serve(handler);
    const started = performance.now();
    await expectFaults(connectRemote({ url, authToken: 'secret-token', timeout: TIMEOUT }));
    expect(performance.now() - started).toBeLessThan(TIMEOUT + 900);
  });

  it('that is down is a fault', async () => {
    const { url, close } = await serve(() => {});
    await close();
    await expectFaults(connectRemote({ url }));
  });

  it('without a table is a fault that says what to run', async () => {
    const database = connectRemote({ url: databaseUrl() });
    const asked = database.run((db) => db.run(sql`SELECT * FROM nowhere WHERE id = ${'secret'}`));
    await expect(asked).rejects.toThrow(
      new Fault('database', 'no such table: nowhere (run the migrations: npm run db:migrate)'),
    );
  });
});

describe('a file', () => {
  it('without tables is a fault that says what to run', async () => {
    const { database } = await openOwnFile({ migrated: false });
    await expectFaults(database, /^database: no such table: users \(run the .*db:migrate\)$/);
  });

  it('that another connection is writing to is tried again', async () => {
    const { path, database } = await openOwnFile();
    const other = new Sqlite(path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    let tries = 0;
    const watched: Database = {
      ...database,
      run: (work) =>
        database.run((db) => {
          tries += 1;
          if (tries === 3) other.exec('COMMIT');
          return work(db);
        }),
    };
    expect(await createUsers(watched).insert(USER)).toBe(true);
    expect(tries).toBe(3);
    expect(await createUsers(database).byId(USER.id)).toMatchObject({ id: USER.id });
  });

  it('that another connection keeps is a fault in time, and works again after it', async () => {
    const { path, database } = await openOwnFile();
    const users = createUsers(database);
    const other = new Sqlite(path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const started = performance.now();
    await expect(users.insert(USER)).rejects.toThrow(/^database: SQLITE_BUSY/);
    expect(performance.now() - started).toBeLessThan(2000);
    // Readers are not held up.
    expect(await users.byId(USER.id)).toBeNull();
    other.exec('ROLLBACK');
    expect(await users.insert(USER)).toBe(true);
  });

  it('that was refused for a lock reads and writes what is true by now', async () => {
    const { path, database } = await openOwnFile();
    const users = createUsers(database);
    const other = new Sqlite(path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const refused = expect(users.insert(USER)).rejects.toThrow('database: SQLITE_BUSY');
    // A read while a refused statement is about would keep its snapshot for good.
    await database.run((db) => db.all(sql`SELECT id FROM users`));
    await refused;
    expect(await users.byId('other')).toBeNull();
    other.exec("INSERT INTO users (id, email) VALUES ('other', 'other@example.com')");
    other.exec('COMMIT');
    expect(await users.byId('other')).toMatchObject({ id: 'other' });
    expect(await users.insert(USER)).toBe(true);
  });

  it('is tried again for a snapshot that another writer has made old', async () => {
    const { database } = await openOwnFile();
    let tries = 0;
    const old = Object.assign(new Error('secret'), { code: 'SQLITE_BUSY_SNAPSHOT' });
    const run = database.run(async (db) => {
      tries += 1;
      if (tries === 1) throw new Error('wrapped', { cause: old });
      return db.all<{ one: number }>(sql`SELECT 1 AS one`);
    });
    expect(await run).toEqual([{ one: 1 }]);
    expect(tries).toBe(2);
  });

  it('serves others while a lock makes a writer wait', async () => {
    const { path, database } = await openOwnFile();
    const users = createUsers(database);
    const other = new Sqlite(path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const writing = users.insert(USER);
    // Each refusal makes a new connection, also under those who are about to read.
    for (let turn = 0; turn < 200; turn += 1) {
      const reads = Array.from({ length: 10 }, () => users.byId('nobody'));
      expect(await Promise.all(reads)).toEqual(Array(10).fill(null));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    other.exec('ROLLBACK');
    expect(await writing).toBe(true);
  });

  it('is tried again for a lock only', async () => {
    const { path, database } = await openOwnFile();
    let tries = 0;
    const run = (statement: SQL) => {
      tries = 0;
      return database.run((db) => {
        tries += 1;
        return db.run(statement);
      });
    };
    await expect(run(sql`INSERT INTO users (id, email) VALUES (1, 'A')`)).rejects.toThrow(Fault);
    expect(tries).toBe(1);
    const other = new Sqlite(path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    await expect(run(sql`INSERT INTO users (id, email) VALUES (1, 'a')`)).rejects.toThrow(Fault);
    expect(tries).toBe(8);
  });
});
