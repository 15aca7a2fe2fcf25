import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { gatehouse } from '../support/gatehouse.ts';
import { start, temporaryFolder } from '../support/server.ts';

const EMAIL = 'ada@example.com';

/** A running server with two users, of whom one is signed in, and the command beside it. */
async function running() {
  const env = { DATA_DIR: join(temporaryFolder(), 'data'), BCRYPT_COST: '4' };
  const { url } = await start(env);
  const open = () => new Client((request) => fetch(request), url);
  const ada = open();
  const { json } = await ada.post('/auth/register', {
    json: { email: EMAIL, username: 'ada', password: PASSWORD },
  });
  await open().post('/auth/register', { json: { username: 'bob', password: PASSWORD } });
  const signIn = async () => {
    const client = open();
    const json = { email: EMAIL, password: PASSWORD };
    return (await client.post('/auth/login', { json })).status;
  };
  const isSignedIn = async () => (await ada.get('/auth/session')).json.user !== null;
  const run = (...args: string[]) => gatehouse(env, args);
  return { id: json.user.id as string, signIn, isSignedIn, run };
}

describe('the command line', () => {
  it('lists users, and those who match', async () => {
    const { id, run } = await running();
    const all = await run('users', 'list');
    expect([all.code, all.err]).toEqual([0, '']);
    const lines = all.out.trimEnd().split('\n');
    expect(lines[0]).toBe('EMAIL\tUSERNAME\tROLES\tSTATE\tID');
    expect(lines[1]).toBe(`${EMAIL}\tada\tuser\tunconfirmed\t${id}`);
    expect(lines[2]).toMatch(/^-\tbob\tuser\t-\t/);
    expect((await run('users', 'list', 'bob')).out.trimEnd().split('\n')).toHaveLength(2);
  }, 60_000);

  it('disables a user, enables them again, and ends sessions, at the next request', async () => {
    const { signIn, isSignedIn, run } = await running();
    const revoked = await run('sessions', 'revoke', 'ada');
    expect([revoked.code, revoked.out]).toEqual([
      0,
      'ada is signed out everywhere. Sessions ended: 1.\n',
    ]);
    expect(await isSignedIn()).toBe(false);
    expect(await signIn()).toBe(200);
    expect((await run('users', 'disable', EMAIL)).out).toBe(`${EMAIL} is disabled.\n`);
    expect(await signIn()).toBe(401);
    expect((await run('users', 'list', 'ada')).out).toContain('\tdisabled,unconfirmed\t');
    const reset = await run('users', 'reset', 'ada');
    expect([reset.code, reset.err]).toEqual([
      1,
      'gatehouse: ada is disabled: enable the account first\n',
    ]);
    expect((await run('users', 'enable', EMAIL)).out).toBe(`${EMAIL} is enabled.\n`);
    expect(await signIn()).toBe(200);
    for (const words of ['users disable', 'users enable', 'sessions revoke']) {
      const { code, err } = await run(...words.split(' '), 'nobody');
      expect([code, err]).toEqual([1, 'gatehouse: there is no user nobody\n']);
    }
  }, 90_000);

  it.each([
    ['users', 'list'],
    ['users', 'invite', EMAIL],
    ['users', 'set-role', EMAIL, 'admin'],
    ['users', 'reset', EMAIL],
    ['sessions', 'revoke', EMAIL],
  ])('says in another folder that there is no database, and makes none: %s %s', async (...args) => {
    const folder = temporaryFolder();
    const { code, out, err } = await gatehouse({ DATA_DIR: join(folder, 'data') }, args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`there is no database at ${join(folder, 'data', 'gatehouse.db')}`);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says so of a session store that is elsewhere, too', async () => {
    const folder = temporaryFolder();
    const env = { DATA_DIR: folder, TURSO_DATABASE_URL: 'http://127.0.0.1:1' };
    const { code, err } = await gatehouse(env, ['users', 'disable', EMAIL]);
    expect(code).toBe(1);
    expect(err).toContain(`there is no session store at ${join(folder, 'sessions.db')}`);
  });
});
