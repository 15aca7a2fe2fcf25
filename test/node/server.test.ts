import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';
import { PASSWORD } from '../support/app.ts';
import { hasProgram } from '../support/programs.ts';
import { hasRedisServer, startRedis } from '../support/redis-server.ts';
import { npmStart, start, temporaryFolder } from '../support/server.ts';

const withRedis = hasRedisServer();
const hasCurl = hasProgram('curl', 'the transcript of the README is for curl');

const JSON_BODY = { 'content-type': 'application/json' };

async function signIn(url: string, path: string, body: object) {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify(body),
  });
  const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  const cookie = cookies.find((pair) => pair.startsWith('gatehouse=')) ?? '';
  return { status: answer.status, cookie };
}

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
const session = async (url: string, cookie: string): Promise<any> =>
  (await fetch(`${url}/auth/session`, { headers: { cookie } })).json();

describe('npm start with nothing configured', () => {
  it('prints one line that says where to go, and keeps people signed in over a restart', async () => {
    const folder = join(temporaryFolder(), 'data');
    const first = await npmStart({ DATA_DIR: folder });
    const ada = { email: 'ada@example.com', password: PASSWORD };
    const { cookie } = await signIn(first.url, '/auth/register', ada);
    const before = await session(first.url, cookie);
    expect(before.user.email).toBe('ada@example.com');
    first.process.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    const lines = first.output().out.trim().split('\n');
    const [ready, shown, ...mail] = lines.filter((line) => !line.startsWith('{'));
    expect(ready).toMatch(/ready at http:\/\/localhost:\d+$/);
    expect(shown).toMatch(/^Mail is shown at http:\/\/localhost:\d+\/dev\/outbox\?key=[\w-]{22}$/);
    expect(mail).toEqual([
      'Mail to ada@example.com: Confirm your address for Gatehouse',
      expect.stringMatching(/^ {2}http:\/\/localhost:\d+\/verify\?token=[\w-]{43}$/),
    ]);
    expect(first.output().err).toBe('');

    const second = await start({ DATA_DIR: folder });
    expect(await session(second.url, cookie)).toEqual(before);
    // Killed without a chance to say goodbye.
    second.process.kill('SIGKILL');
    await second.ended;
    const third = await start({ DATA_DIR: folder });
    expect(await session(third.url, cookie)).toEqual(before);
  });

  it('sends with every answer what stands on every answer, once', async () => {
    const { url } = await start({ DATA_DIR: join(temporaryFolder(), 'data') });
    for (const [path, cached] of Object.entries({
      '/auth/session': 'no-store',
      '/login': 'no-store',
      '/nowhere': 'no-store',
      '/docs': 'public, max-age=300',
    })) {
      const { headers } = await fetch(url + path, { headers: { accept: 'text/html' } });
      expect(headers.get('x-request-id'), path).toMatch(/^[\da-f-]{36}$/);
      expect(headers.get('content-security-policy')?.match(/default-src/g), path).toHaveLength(1);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('cache-control'), path).toBe(cached);
      const varies = path === '/auth/session' ? 'Origin' : 'Origin, Accept-Language';
      expect(headers.get('vary'), path).toBe(varies);
    }
  });

  it('loses no security event when it is ended at once', async () => {
    const folder = join(temporaryFolder(), 'data');
    const { url, process, ended } = await start({ DATA_DIR: folder });
    const ada = { email: 'ada@example.com', password: PASSWORD };
    const { cookie } = await signIn(url, '/auth/register', ada);
    await fetch(`${url}/auth/logout`, { method: 'POST', headers: { cookie } });
    process.kill('SIGTERM');
    expect(await ended).toBe(0);
    const db = new Sqlite(join(folder, 'gatehouse.db'));
    const kinds = db.prepare('SELECT kind FROM events ORDER BY id').pluck().all();
    db.close();
    expect(kinds).toEqual(['registered', 'signed_out']);
  });

  it('lets nobody but its owner read the folder, the secret and the databases', async () => {
    const folder = join(temporaryFolder(), 'data');
    await start({ DATA_DIR: folder });
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(folder)).toBe('700');
    for (const file of ['session-secret', 'gatehouse.db', 'sessions.db']) {
      expect(mode(join(folder, file)), file).toBe('600');
    }
  });

  it('signs in a row of another system, and stores its hash afresh', async () => {
    const folder = join(temporaryFolder(), 'data');
    const { url } = await start({ DATA_DIR: folder });
    const db = new Sqlite(join(folder, 'gatehouse.db'));
    db.prepare('INSERT INTO users (id, email, password_hash) VALUES (?, ?, ?)').run(
      'a1b2c3e4',
      'test@example.com',
      '$2y$12$7Mj1fG3bdlpmRcXtZpwimOI4pItCQcj5x2.ZqydPbR5wWlKGVaQVe',
    );
    const login = { email: 'test@example.com', password: 'password' };
    const { cookie, status } = await signIn(url, '/auth/login', login);
    expect(status).toBe(200);
    expect((await session(url, cookie)).user).toMatchObject({ id: 'a1b2c3e4', roles: ['user'] });
    const row = db.prepare('SELECT password_hash FROM users').get();
    expect(row).toMatchObject({ password_hash: expect.stringMatching(/^\$bcrypt-sha256\$v=2,/) });
    db.close();
    expect((await signIn(url, '/auth/login', login)).status).toBe(200);
  });

  it.runIf(hasCurl)('carries out the transcript of the README', async () => {
    const { url } = await start({ DATA_DIR: join(temporaryFolder(), 'data') });
    const [, transcript = ''] =
      /second terminal:\n+```sh\n([\s\S]+?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    expect(transcript).toContain('http://localhost:3000');
    const script = transcript.replaceAll('http://localhost:3000', url);
    const { stdout } = await promisify(execFile)('bash', ['-ec', script], {
      cwd: temporaryFolder(),
    });
    expect(stdout.match(/"email":"ada@example.com"/g)).toHaveLength(3);
    expect(stdout).toContain('204\n{"user":null,"session":null}');
  });
});

describe('a server for people elsewhere', () => {
  it('says where it listens, and that mail reaches nobody', async () => {
    const { output, url } = await start({
      ...{ DATA_DIR: join(temporaryFolder(), 'data'), BASE_URL: 'https://auth.example.com' },
    });
    const port = new URL(url).port;
    await expect
      .poll(() => output().out)
      .toContain(`ready at https://auth.example.com, listening on 127.0.0.1 port ${port}\n`);
    await expect.poll(() => output().err).toMatch(/"level":"warn".*reaches nobody: set MAIL_URL/);
  });
});

describe('npm start beside an .env file', () => {
  it('takes settings from it, but for those of the environment', async () => {
    const cwd = temporaryFolder();
    // With a byte order mark, as some editors begin a file.
    writeFileSync(join(cwd, '.env'), '\uFEFFAPP_NAME=Of the file\nDATA_DIR=/nowhere/at/all\n');
    const { url } = await npmStart({ DATA_DIR: join(cwd, 'data') }, cwd);
    expect(await (await fetch(url)).text()).toContain('Of the file');
    expect(existsSync(join(cwd, 'data', 'gatehouse.db'))).toBe(true);
  });
});

describe('a data folder', () => {
  it('may have any name', async () => {
    const parent = temporaryFolder();
    const names = ['a%20b', 'a b', 'a#b', 'a?b', '100%'];
    for (const name of names) {
      const { url, process, ended } = await start({ DATA_DIR: join(parent, name) });
      const ada = { email: 'ada@example.com', password: PASSWORD };
      // Nobody is there yet: it is not the folder of another one.
      expect([name, (await signIn(url, '/auth/register', ada)).status]).toEqual([name, 201]);
      process.kill('SIGTERM');
      await ended;
      expect(existsSync(join(parent, name, 'gatehouse.db'))).toBe(true);
    }
    expect(readdirSync(parent).sort()).toEqual(names.sort());
  }, 60_000);
});

describe('a setting that is none', () => {
  it('is named at start, with the setting that was meant', async () => {
    const { output, ended, process } = await start({
      ...{ DATA_DIR: temporaryFolder(), SESION_IDLE: 'hunter2', XDG_SESSION_ID: '1' },
    });
    process.kill('SIGTERM');
    await ended;
    const lines = output().err.trim().split('\n');
    expect(lines).toEqual([
      expect.stringContaining(
        'SESION_IDLE is no setting, and is ignored; did you mean SESSION_IDLE?',
      ),
    ]);
    expect(lines[0]).toContain('"level":"warn"');
    expect(lines[0]).not.toContain('hunter2');
  });
});

describe('a start that can not be', () => {
  it.each([
    [{ SESSION_IDLE: 'soon' }, 'SESSION_IDLE'],
    [{ BASE_URL: 'http://auth.example.com' }, 'BASE_URL'],
    [{ SESSION_SECRET: 'short' }, 'SESSION_SECRET'],
    [{ UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:1' }, 'UPSTASH_REDIS_REST_TOKEN'],
    [{ TURSO_DATABASE_URL: `file:${tmpdir()}` }, 'TURSO_DATABASE_URL'],
  ])('is one line that names the setting: %j', async (env, name) => {
    const { ended, output } = await start({ DATA_DIR: temporaryFolder(), ...env });
    expect(await ended).toBe(1);
    expect(output().err.trim().split('\n')).toHaveLength(1);
    expect(output().err).toContain(`${name}: `);
  });

  it.each(['sessions.db', 'gatehouse.db'])(
    'is one line when %s can not be opened',
    async (name) => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, name));
      const { ended, output } = await start({ DATA_DIR: folder });
      expect(await ended).toBe(1);
      expect(output().err).toMatch(
        /^gatehouse can not start: DATA_DIR: .+ can not be opened .+\n$/,
      );
    },
  );

  it.runIf(withRedis)('is one line when Redis has no such database', async () => {
    const redis = await startRedis();
    onTestFinished(redis.close);
    const env = { DATA_DIR: temporaryFolder(), SESSION_SECRET: 'x'.repeat(32) };
    const { ended, output } = await start({ ...env, REDIS_URL: `${redis.url}/99` });
    expect(await ended).toBe(1);
    expect(output().err).toMatch(
      /: REDIS_URL: there is no database 99; most servers have 0 to 15\n$/,
    );
  });

  it('is one line when the port is taken', async () => {
    const port = String(await freePort());
    await start({ DATA_DIR: temporaryFolder(), PORT: port });
    const second = await start({ DATA_DIR: temporaryFolder(), PORT: port }).then((s) => s);
    expect(await second.ended).toBe(1);
    expect(second.output().err).toContain('EADDRINUSE');
    expect(second.output().err.trim().split('\n')).toHaveLength(1);
  });
});

describe('SIGTERM', () => {
  it('lets requests in progress finish, and then ends', async () => {
    const server = await start({ DATA_DIR: join(temporaryFolder(), 'data'), BCRYPT_COST: '12' });
    const names = ['ada', 'bob', 'cyd', 'dan'];
    const answers = names.map((name) =>
      signIn(server.url, '/auth/register', { email: `${name}@example.com`, password: PASSWORD }),
    );
    // All four have arrived when the first has been answered; the others still wait for a hash.
    await Promise.race(answers);
    server.process.kill('SIGTERM');
    for (const answer of answers) expect((await answer).status).toBe(201);
    expect(await server.ended).toBe(0);
    expect(server.output().err).toBe('');
  });
});
