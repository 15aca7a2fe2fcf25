import { chmodSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { connectRemote } from '../../src/db/client.ts';
import { checkDatabase } from '../../src/doctor/database.ts';
import { riskySettings } from '../../src/doctor/settings.ts';
import { type Milliseconds, minutes, seconds } from '../../src/time.ts';
import { databaseUrl } from '../support/database-url.ts';
import { gatehouse } from '../support/gatehouse.ts';
import { temporaryFolder } from '../support/server.ts';
import { startSqld } from '../support/sqld.ts';

const SECRET = 'd2f8b1c94e7a60358f1d2c3b4a5968778695a4b3c2d1e0f9';

const doctor = (env: Record<string, string>, ...args: string[]) =>
  gatehouse(env, ['doctor', ...args]);

describe('gatehouse doctor', () => {
  it('finds nothing wrong where nothing is configured, and makes nothing', async () => {
    const folder = temporaryFolder();
    const { code, out, err } = await doctor({ DATA_DIR: join(folder, 'data') });
    expect([code, err]).toEqual([0, '']);
    const lines = out.trimEnd().split('\n');
    expect(lines.slice(0, -2).every((line) => /^ok {5}[a-z ]{8} {2}\S/.test(line))).toBe(true);
    expect(lines.at(-1)).toBe('Nothing is wrong.');
    expect(await readdir(folder)).toEqual([]);
  }, 20_000);

  it('says whether a browser on a frontend stays signed in', async () => {
    const env = {
      DATA_DIR: temporaryFolder(),
      TRUSTED_ORIGINS: 'http://localhost:5173,https://app.example',
    };
    const kept = await doctor(env, '--frontend', 'HTTP://LocalHost:5173/');
    expect(kept.out).toContain('\nok     cookie    A browser on http://localhost:5173 will keep');
    expect(kept.code).toBe(0);
    const lost = await doctor(env, '--frontend=http://127.0.0.1:5173');
    expect(lost.out).toContain('\nwrong  cookie    A browser on http://127.0.0.1:5173 will not');
    expect(lost.out).toContain('Open the frontend at http://localhost:5173\n');
    expect(lost.out).toMatch(/\n1 wrong, 0 warnings\.\n$/);
    expect(lost.code).toBe(1);
    // Not asked about: it may use bearer tokens.
    const all = await doctor(env);
    expect(all.out).toContain('\nok     cookie    A browser on http://localhost:5173 will keep');
    expect(all.out).toContain('\nwarn   cookie    A browser on https://app.example will not keep');
    expect(all.code).toBe(0);
  }, 30_000);

  it.each([
    [{ SESSION_IDLE: 'soon' }, 'SESSION_IDLE: '],
    [{ SESSION_SECRET: 'hunter2' }, 'SESSION_SECRET: '],
    [{ TRUST_PROXY: 'proxy' }, 'TRUST_PROXY: '],
    [{ BASE_URL: 'http://auth.example.com' }, 'BASE_URL: '],
  ])(
    'says in one line that %j can not be used',
    async (env, text) => {
      const { code, out, err } = await doctor(env);
      expect([code, err]).toEqual([1, '']);
      expect(out).toContain(`wrong  settings  ${text}`);
      expect(out).toMatch(/^.+ Nothing else was looked at\.\n\n1 wrong, 0 warnings\.\n$/);
      expect(out).not.toContain('hunter2');
    },
    20_000,
  );

  it('sees that there can be no data folder', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const { code, out } = await doctor({ DATA_DIR: join(file, 'data') });
    expect(out).toContain(`wrong  settings  DATA_DIR: ${file} is not a folder.`);
    expect(code).toBe(1);
  }, 20_000);

  it('sees what is no database, and a secret that others can read', async () => {
    const DATA_DIR = temporaryFolder();
    for (const name of ['gatehouse.db', 'sessions.db', 'session-secret']) {
      writeFileSync(join(DATA_DIR, name), SECRET.repeat(50));
      chmodSync(join(DATA_DIR, name), 0o644);
    }
    const { code, out } = await doctor({ DATA_DIR });
    expect(out).toMatch(/\nwrong {2}store .+sessions\.db does not answer: SQLITE_NOTADB\. .+\n/);
    expect(out).toMatch(
      /\nwrong {2}database .+gatehouse\.db does not answer: SQLITE_NOTADB\. .+\n/,
    );
    expect(out).toMatch(
      /\nwarn {3}settings .+session-secret can be read by other users: chmod 600 /,
    );
    expect(code).toBe(1);
  }, 20_000);
});

describe('gatehouse doctor, of a database server,', () => {
  it('says that migrations are missing, and which command applies them', async () => {
    const server = await startSqld();
    onTestFinished(server.close);
    const database = connectRemote(server);
    const env = { DATA_DIR: temporaryFolder(), TURSO_DATABASE_URL: server.url };
    expect((await doctor(env)).out).toContain('\nok     database  All migrations are applied.\n');
    await database.run((db) => db.run(sql`UPDATE __drizzle_migrations SET created_at = rowid`));
    await database.run((db) => db.run(sql`INSERT INTO __drizzle_migrations VALUES (99, '', 0)`));
    expect((await doctor(env)).code).toBe(1);
    await database.run((db) => db.run(sql`DROP TABLE __drizzle_migrations`));
    const { code, out } = await doctor(env);
    expect(out).toMatch(
      /\nwrong {2}database {2}(\d+) of \1 migrations are not applied \(0000_users.*\)\. Run: npm run db:migrate\n/,
    );
    expect(code).toBe(1);
  }, 40_000);

  it('says that a newer version was there', async () => {
    const server = await startSqld();
    onTestFinished(server.close);
    const newer = sql`INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('', 9999999999999)`;
    await connectRemote(server).run((db) => db.run(newer));
    const env = { DATA_DIR: temporaryFolder(), TURSO_DATABASE_URL: server.url };
    const { code, out } = await doctor(env);
    expect(out).toMatch(/\nwarn {3}database {2}It has more migrations .+ a newer one was here/);
    expect(code).toBe(0);
  }, 40_000);

  it('says that nothing listens there', async () => {
    const server = await startSqld();
    await server.close();
    const env = { DATA_DIR: temporaryFolder(), TURSO_DATABASE_URL: server.url };
    const { code, out } = await doctor({ ...env, TURSO_AUTH_TOKEN: 'hunter2' });
    const said = `${new URL(server.url).host} does not answer: nothing listens there`;
    expect(out).toContain(`\nwrong  database  ${said}`);
    expect(out).toContain('See TURSO_DATABASE_URL and TURSO_AUTH_TOKEN.');
    expect(out).not.toContain('hunter2');
    expect(code).toBe(1);
  }, 40_000);

  it.each<[Milliseconds, string]>([
    [0, 'ok database.example answers in \\d+ ms, and its clock is that of this machine'],
    [seconds(3), 'warn .+ its clock is [23]\\.\\d s behind that of this machine'],
    [-seconds(3), 'warn .+ its clock is [234]\\.\\d s ahead of that of this machine'],
    [minutes(6), 'wrong .+ its clock is 3(59|60)\\.\\d s behind that of this machine'],
  ])('compares clocks that differ by %i ms', async (skew, expected) => {
    const [time] = await checkDatabase({
      open: async () => connectRemote({ url: databaseUrl() }),
      ...{ name: 'database.example', remote: true, migrations: 'drizzle' },
      clock: { now: () => Date.now() + skew },
    });
    expect(`${time?.mark} ${time?.text}`).toMatch(new RegExp(`^${expected}`));
  });
});

describe('risky settings', () => {
  const MAIL = { MAIL_URL: 'smtps://mail.example.com' };
  const TLS = { BASE_URL: 'https://auth.example.com', TRUST_PROXY: '10.0.0.1', ...MAIL };
  const SERVERS = { REDIS_URL: 'rediss://r.example', TURSO_DATABASE_URL: 'libsql://d.example' };
  const warned = (env: Record<string, string>) =>
    riskySettings(parseConfig({ ...env }, 'node')).map(({ mark, text }) => `${mark} ${text}`);

  it.each([
    [{}],
    [{ ...TLS, ...SERVERS, SESSION_SECRET: SECRET, TRUSTED_ORIGINS: 'http://localhost:5173' }],
    [{ ...SERVERS, SESSION_SECRET: SECRET, REDIS_URL: 'redis://redis:6379' }],
    [{ ...SERVERS, SESSION_SECRET: SECRET, TURSO_DATABASE_URL: 'http://10.1.2.3:8080' }],
    [{ HOST: '::1' }],
  ])('are not %j', (env) => {
    expect(warned(env)).toEqual([]);
  });

  it.each([
    [{ BASE_URL: 'http://auth.example', ALLOW_INSECURE: 'true', ...MAIL }, 'ALLOW_INSECURE=true'],
    [{ HOST: '0.0.0.0' }, 'HOST=0.0.0.0 lets other machines connect'],
    [{ ...TLS, TRUST_PROXY: '' }, 'BASE_URL is https, so a Node server stands behind a proxy'],
    [{ ...TLS, TRUSTED_ORIGINS: 'http://app.example.com' }, 'TRUSTED_ORIGINS has http://app.ex'],
    [{ SESSION_SECRET: 'a1'.repeat(20) }, 'SESSION_SECRET looks as if somebody had typed it'],
    [{ SESSION_SECRET: '0110100110010110100101100110100110' }, 'SESSION_SECRET looks'],
    [{ SESSION_SECRET: 'correct-horse-'.repeat(3) }, 'SESSION_SECRET looks'],
    [{ SESSION_SECRET: 'please-change-me-in-production-now' }, 'SESSION_SECRET looks'],
    [{ SESSION_SECRET: `${SECRET},${'x'.repeat(32)}` }, 'SESSION_SECRET (number 2) looks'],
    [
      { SESSION_SECRET: [0, 1, 2, 3].map((n) => SECRET + n).join() },
      'SESSION_SECRET has 4 secrets',
    ],
    [{ ...TLS, HSTS: 'off' }, 'HSTS=off: browsers may come over http'],
    [{ ...TLS, HSTS: '730d' }, 'HSTS is without includeSubDomains'],
    [{ ...TLS, MAIL_URL: '' }, 'Mail is kept in DATA_DIR/outbox and reaches nobody: set MAIL_URL'],
    [{ SESSION_IDLE: '2d' }, 'SESSION_IDLE is longer than SESSION_LIFETIME'],
    [{ REMEMBER_LIFETIME: '7d' }, 'REMEMBER_IDLE is longer than REMEMBER_LIFETIME'],
    [{ BCRYPT_COST: '9' }, 'BCRYPT_COST=9 makes'],
    [{ PASSWORD_MIN_LENGTH: '7' }, 'PASSWORD_MIN_LENGTH=7 is below 8'],
    [{ TURSO_DATABASE_URL: 'libsql://d.example' }, 'Users are on a server and sessions in a file'],
    [
      { REDIS_URL: 'rediss://r.example', SESSION_SECRET: SECRET },
      'Sessions are on a server and us',
    ],
    [
      { ...SERVERS, SESSION_SECRET: SECRET, REDIS_URL: 'redis://me:hunter2@r.example' },
      'REDIS_URL reaches r.example in plain text, password included. Use a rediss:// address',
    ],
    [
      { ...SERVERS, SESSION_SECRET: SECRET, TURSO_DATABASE_URL: 'http://d.example' },
      'TURSO_DATABASE_URL reaches d.example in plain text, password included. Use a https://',
    ],
  ])('are told of: %j', (env, text) => {
    expect(warned(env)).toEqual([expect.stringContaining(`warn ${text}`)]);
  });
});
