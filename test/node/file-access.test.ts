import fs, {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { checkFileAccess } from '../../src/node/file-access.ts';
import { keptSecret } from '../../src/node/secret-file.ts';
import { gatehouse } from '../support/gatehouse.ts';
import { start, temporaryFolder } from '../support/server.ts';

const SECRET = 'd2f8b1c94e7a60358f1d2c3b4a5968778695a4b3c2d1e0f9';
const STRANGER = 4242;

/** Only root can give files away. In CI the tests run as root. */
const isRoot = process.getuid?.() === 0 || Boolean(process.env.CI);

/** A data folder with everything in it, as the server makes it. */
function dataFolder(): string {
  const folder = temporaryFolder();
  for (const name of ['gatehouse.db', 'gatehouse.db-wal', 'sessions.db', 'session-secret']) {
    writeFileSync(join(folder, name), name === 'session-secret' ? SECRET : '', { mode: 0o600 });
  }
  mkdirSync(join(folder, 'outbox'), { mode: 0o700 });
  return folder;
}

const check = (env: Record<string, string>, lines: string[] = []) => {
  checkFileAccess(parseConfig(env, 'node'), (line) => lines.push(line));
  return lines;
};

/** A file system that shows 0777 for everything, whatever it was asked for. */
function forgetModes() {
  const { statSync } = fs;
  const replaced = (...args: Parameters<typeof statSync>) => {
    const stats = statSync(...args);
    if (stats) stats.mode = Number(stats.mode) | 0o777;
    return stats;
  };
  const use = (function_: unknown) => {
    Object.assign(fs, { statSync: function_ });
    syncBuiltinESMExports();
  };
  onTestFinished(() => use(statSync));
  use(replaced);
}

describe('a server with files', () => {
  it('does not start on a folder that every user can write to, and the doctor says so', async () => {
    const DATA_DIR = temporaryFolder();
    chmodSync(DATA_DIR, 0o777);
    const said = `DATA_DIR: ${DATA_DIR} can be written by every user of this machine: chmod o-w ${DATA_DIR}`;
    const server = await start({ DATA_DIR });
    expect(await server.ended).toBe(1);
    expect(server.output().err).toBe(`gatehouse can not start: ${said}\n`);
    expect(fs.readdirSync(DATA_DIR)).toEqual([]);
    const doctor = await gatehouse({ DATA_DIR }, ['doctor']);
    expect(doctor.out).toContain(`\nwrong  settings  ${said}\n`);
    expect(doctor.code).toBe(1);
    const migrate = await gatehouse({ DATA_DIR }, [], 'dist/server', 'migrate.js');
    expect(migrate.err).toBe(`gatehouse can not migrate: ${said}\n`);
  }, 30_000);

  it.each(['outbox', 'gatehouse.db', 'gatehouse.db-wal', 'sessions.db'])(
    'refuses %s that every user can write to',
    (name) => {
      const folder = dataFolder();
      expect(check({ DATA_DIR: folder })).toEqual([]);
      const path = join(folder, name);
      chmodSync(path, 0o702);
      expect(() => check({ DATA_DIR: folder })).toThrow(
        `DATA_DIR: ${path} can be written by every user of this machine: chmod o-w ${path}`,
      );
    },
  );

  it('refuses a folder such as /tmp, and names one inside', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o1777);
    const own = `use a folder of its own, such as ${join(folder, 'gatehouse')}`;
    expect(() => check({ DATA_DIR: folder })).toThrow(own);
    const env = { DATA_DIR: dataFolder(), TURSO_DATABASE_URL: `file:${folder}/users.db` };
    expect(() => check(env)).toThrow(`TURSO_DATABASE_URL: ${folder} can be written by`);
    expect(check({ DATA_DIR: join(folder, 'gatehouse') })).toEqual([]);
  });

  it('takes a folder that its group can write to, as volumes are, and the doctor warns', async () => {
    const DATA_DIR = dataFolder();
    chmodSync(DATA_DIR, 0o2770);
    chmodSync(join(DATA_DIR, 'session-secret'), 0o660);
    expect(check({ DATA_DIR })).toEqual([]);
    expect(keptSecret(join(DATA_DIR, 'session-secret'))).toBe(SECRET);
    chmodSync(join(DATA_DIR, 'gatehouse.db'), 0o640);
    writeFileSync(join(DATA_DIR, 'outbox', 'one.txt'), '', { mode: 0o644 });
    const { out } = await gatehouse({ DATA_DIR }, ['doctor']);
    expect(out).toContain(`\nwarn   settings  ${DATA_DIR} can be written by its group: chmod g-w`);
    for (const name of ['gatehouse.db', 'session-secret', 'outbox/one.txt']) {
      const path = join(DATA_DIR, name);
      expect(out).toContain(`\nwarn   settings  ${path} can be read by other users: chmod 600`);
    }
  }, 20_000);

  it('starts where the file system keeps no modes, and says what that means', () => {
    const folder = dataFolder();
    forgetModes();
    const lines = check({ DATA_DIR: folder });
    expect(lines[0]).toMatch(
      /can be written by every user .+, or use a file system that keeps modes$/,
    );
    expect(keptSecret(join(folder, 'session-secret'))).toBe(SECRET);
    expect(fs.readdirSync(folder)).not.toContainEqual(expect.stringMatching(/^\.mode/));
  });
});

describe('a kept secret', () => {
  it.each([0o602, 0o620])('that others can write to (%o) is not taken', (mode) => {
    const path = join(dataFolder(), 'session-secret');
    chmodSync(path, mode);
    expect(() => keptSecret(path)).toThrow(`${path} can be written by other users: delete it`);
  });

  it.runIf(isRoot)(
    'that another user put there is not taken, and the doctor says so',
    async () => {
      const DATA_DIR = dataFolder();
      const path = join(DATA_DIR, 'session-secret');
      chownSync(path, STRANGER, STRANGER);
      expect(() => keptSecret(path)).toThrow(`${path} belongs to user ${STRANGER}, who knows it`);
      expect(() => keptSecret(path)).toThrow(/^(?!.*d2f8b1c9)/);
      const { out, code } = await gatehouse({ DATA_DIR }, ['doctor']);
      expect(out).toContain(`\nwrong  settings  ${path} belongs to user ${STRANGER}`);
      expect(code).toBe(1);
      // A folder that was mounted from the machine of its owner.
      chownSync(DATA_DIR, STRANGER, STRANGER);
      expect(keptSecret(path)).toBe(SECRET);
    },
    20_000,
  );

  it.runIf(isRoot)('behind a link of another user is not taken', () => {
    const folder = dataFolder();
    const path = join(folder, 'link');
    symlinkSync(join(folder, 'session-secret'), path);
    expect(keptSecret(path)).toBe(SECRET);
    lchownSync(path, STRANGER, STRANGER);
    expect(() => keptSecret(path)).toThrow(`${path} belongs to user ${STRANGER}`);
  });
});
