import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { gatehouse } from '../support/gatehouse.ts';
import { start, temporaryFolder } from '../support/server.ts';

const BUILT = 'dist/server';

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

/** Packages of the lockfile that are installed here: those of other platforms are not. */
const packages = () =>
  Object.keys(readJson(join(BUILT, 'package-lock.json')).packages).filter(
    (path) => path !== '' && existsSync(path),
  );

/** `dist/server` in a folder outside of the repository, with what `npm ci` would put beside it. */
function copyServer(): string {
  const folder = join(temporaryFolder(), 'server');
  const isOurs = (path: string) => !path.startsWith(join(BUILT, 'node_modules'));
  cpSync(BUILT, folder, { recursive: true, filter: isOurs });
  for (const path of packages()) cpSync(path, join(folder, path), { recursive: true });
  return folder;
}

describe('the lockfile of dist/server', () => {
  it('has the native packages at the versions of the repository, and no registry', () => {
    const manifest = readJson(join(BUILT, 'package.json'));
    const { dependencies } = readJson('package.json');
    expect(manifest.dependencies).toEqual({
      '@node-rs/bcrypt': dependencies['@node-rs/bcrypt'],
      libsql: dependencies.libsql,
    });
    const text = readFileSync(join(BUILT, 'package-lock.json'), 'utf8');
    expect(text).not.toContain('"resolved"');
    const { '': root, ...locked } = JSON.parse(text).packages;
    expect(root).toMatchObject({
      name: manifest.name,
      version: manifest.version,
      dependencies: manifest.dependencies,
    });
    expect(readJson('package-lock.json').packages).toMatchObject(locked);
    // What they need, for every platform and for this one.
    expect(Object.keys(locked)).toContain('node_modules/@neon-rs/load');
    expect(Object.keys(locked)).toContain('node_modules/@libsql/darwin-arm64');
    expect(packages().length).toBeGreaterThan(4);
  });
});

describe('a copy of dist/server', () => {
  it('starts anywhere, keeps people signed in over a restart, and has the commands', async () => {
    const folder = copyServer();
    const env = { DATA_DIR: join(temporaryFolder(), 'data'), BCRYPT_COST: '4' };
    const first = await start(env, folder);
    const ada = new Client((request) => fetch(request), first.url);
    const json = { email: 'ada@example.com', password: PASSWORD };
    expect((await ada.post('/auth/register', { json })).status).toBe(201);
    first.process.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.output().err).toBe('');
    const second = await start({ ...env, PORT: new URL(first.url).port }, folder);
    expect((await ada.get('/auth/session')).json.user.email).toBe('ada@example.com');
    const invited = await gatehouse(env, ['users', 'invite', 'bob@example.com'], folder);
    expect([invited.code, invited.err]).toEqual([0, '']);
    const migrated = await gatehouse(env, [], folder, 'migrate.js');
    expect([migrated.code, migrated.err]).toEqual([0, '']);
    expect(second.output().err).toBe('');
  }, 60_000);

  it('without its migrations says so in one line', async () => {
    const folder = copyServer();
    rmSync(join(folder, 'drizzle'), { recursive: true });
    const missing = /migrations in \S+drizzle are missing or incomplete: .*dist\/server/;
    const env = { DATA_DIR: join(temporaryFolder(), 'data') };
    const { ended, output } = await start(env, folder);
    expect(await ended).toBe(1);
    expect(output().err).toMatch(missing);
    expect(output().err.trim().split('\n')).toHaveLength(1);
    expect((await gatehouse(env, [], folder, 'migrate.js')).err).toMatch(missing);
    expect((await gatehouse(env, ['doctor'], folder)).out).toMatch(missing);
  }, 60_000);
});
