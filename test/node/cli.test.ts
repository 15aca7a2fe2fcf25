import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { gatehouse, npmGatehouse } from '../support/gatehouse.ts';
import { start, temporaryFolder } from '../support/server.ts';

const EMAIL = 'ada@example.com';

/** A running server with one user, who is signed in, and the command beside it. */
async function running(by = gatehouse) {
  const env = { DATA_DIR: join(temporaryFolder(), 'data'), BCRYPT_COST: '4' };
  const { url, output } = await start(env);
  const client = new Client((request) => fetch(request), url);
  const json = { email: EMAIL, username: 'ada', password: PASSWORD };
  expect((await client.post('/auth/register', { json })).status).toBe(201);
  const confirm = async () => {
    const link = () => /\/verify\?token=([\w-]{43})$/m.exec(output().out)?.[1];
    await expect.poll(link, { timeout: 5000 }).toBeDefined();
    const confirmed = await client.post('/auth/email/verify', { json: { token: link() } });
    expect(confirmed.status).toBe(204);
  };
  return { client, confirm, gatehouse: (...args: string[]) => by(env, args) };
}

const adminStatus = async (client: Client) => (await client.get('/admin/users')).status;

describe('gatehouse users set-role', () => {
  it('makes an admin, whose live session is one at the next request', async () => {
    const { client, gatehouse, confirm } = await running(npmGatehouse);
    await confirm();
    const before = (await client.get('/auth/session')).json;
    expect(await adminStatus(client)).toBe(403);
    const { code, out, err } = await gatehouse('users', 'set-role', EMAIL, 'admin');
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(`${EMAIL} now has the roles user, admin.\n`);
    expect(await adminStatus(client)).toBe(200);
    const after = (await client.get('/auth/session')).json;
    expect(after.session.id).toBe(before.session.id);
    expect(after.user).toEqual({ ...before.user, roles: ['user', 'admin'] });
  }, 30_000);

  it('finds a user by user name, and sets several roles at once', async () => {
    const { client, gatehouse, confirm } = await running();
    await confirm();
    expect((await gatehouse('users', 'set-role', 'ADA', 'editor', 'admin')).code).toBe(0);
    const { user } = (await client.get('/auth/session')).json;
    expect(user.roles).toEqual(['user', 'editor', 'admin']);
  }, 30_000);

  it('makes whoever registered an address first an admin only when told to', async () => {
    const { client, gatehouse } = await running();
    const refused = await gatehouse('users', 'set-role', EMAIL, 'admin');
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain(`${EMAIL} is not confirmed`);
    expect(refused.err).toContain('--unconfirmed');
    expect(await adminStatus(client)).toBe(403);
    const given = await gatehouse('users', 'set-role', EMAIL, 'admin', '--unconfirmed');
    expect([given.code, given.err]).toEqual([0, '']);
    expect(await adminStatus(client)).toBe(200);
    expect((await gatehouse('users', 'set-role', EMAIL, 'admin')).code).toBe(0);
  }, 30_000);

  it('says in one line what it can not do, and does nothing', async () => {
    const { client, gatehouse } = await running();
    for (const [args, message] of [
      [['nobody@example.com', 'admin'], 'there is no user nobody@example.com'],
      [['nobody', 'admin'], 'there is no user nobody'],
      [['not@an@address', 'admin'], 'there is no user not@an@address'],
      [[EMAIL, 'Admin'], '"Admin" is not a role: up to 32 of a-z 0-9 _ -'],
      [[EMAIL, 'editor', 'no role'], '"no role" is not a role: up to 32 of a-z 0-9 _ -'],
    ] as [string[], string][]) {
      const { code, out, err } = await gatehouse('users', 'set-role', ...args);
      expect([code, out, err]).toEqual([1, '', `gatehouse: ${message}\n`]);
    }
    expect(await adminStatus(client)).toBe(403);
    expect((await client.get('/auth/session')).json.user.roles).toEqual(['user']);
  }, 30_000);

  it('leaves the last admin one', async () => {
    const { client, gatehouse } = await running();
    await gatehouse('users', 'set-role', EMAIL, 'admin', '--unconfirmed');
    const { code, err } = await gatehouse('users', 'set-role', EMAIL, 'user');
    expect([code, err]).toEqual([
      1,
      `gatehouse: ${EMAIL} is the last admin; make another one first\n`,
    ]);
    expect(await adminStatus(client)).toBe(200);
  }, 30_000);
});

describe('gatehouse', () => {
  const env = () => ({ DATA_DIR: join(temporaryFolder(), 'data') });

  it.each([
    [[]],
    [['users']],
    [['users', 'set-role']],
    [['users', 'set-role', EMAIL]],
    [['users', 'delete', EMAIL]],
    [['set-role', EMAIL, 'admin']],
    [['users', 'set-role', EMAIL, 'admin', '--force']],
    [['doctor', 'everything']],
    [['doctor', '--frontend']],
    [['doctor', '--frontend', 'app.example.com']],
    [['doctor', '--frontend', 'https://app.example.com/login']],
    [['doctors']],
  ])(
    'shows how it is used for %j',
    async (args) => {
      const { code, out, err } = await gatehouse(env(), args);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain('gatehouse users set-role EMAIL|USERNAME ROLE...');
      expect(err).toContain('gatehouse doctor [--frontend ORIGIN]');
    },
    20_000,
  );

  it.each(['--help', '-h', 'help'])('shows how it is used when asked by %s', async (word) => {
    const { code, out, err } = await gatehouse(env(), [word]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('gatehouse users set-role EMAIL|USERNAME ROLE...');
  });

  it('names a setting that is wrong, in one line', async () => {
    const args = ['users', 'set-role', EMAIL, 'admin'];
    const { code, err } = await gatehouse({ ...env(), SESSION_IDLE: 'soon' }, args);
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('SESSION_IDLE');
  }, 20_000);
});

describe('gatehouse users invite', () => {
  it('makes the first user where registration is closed, who signs in by the mailed link', async () => {
    const env = { DATA_DIR: join(temporaryFolder(), 'data'), REGISTRATION: 'closed' };
    const { url } = await start({ ...env, BCRYPT_COST: '4' });
    const { code, out, err } = await gatehouse(env, [
      'users',
      'invite',
      'Ada@Example.com',
      'admin',
    ]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`${EMAIL} was invited. The link works for a day.\n`);
    const token = /\/reset\?token=([\w-]{43})$/m.exec(out)?.[1];
    const client = new Client((request) => fetch(request), url);
    const reset = await client.post('/auth/password/reset', {
      json: { token, password: PASSWORD },
    });
    expect(reset.status).toBe(204);
    await client.post('/auth/login', { json: { email: EMAIL, password: PASSWORD } });
    expect(await adminStatus(client)).toBe(200);
    const again = await gatehouse(env, ['users', 'invite', EMAIL]);
    expect([again.code, again.err]).toEqual([1, `gatehouse: ${EMAIL} has an account already\n`]);
  }, 30_000);

  it('hands over a link where there is no address to mail it to, and later resets by another', async () => {
    const env = { DATA_DIR: join(temporaryFolder(), 'data'), BCRYPT_COST: '4' };
    const { url } = await start(env);
    const client = () => new Client((request) => fetch(request), url);
    const linkIn = (out: string) => /\/reset\?token=([\w-]{43})$/m.exec(out)?.[1];
    const invited = await gatehouse(env, ['users', 'invite', 'Ada', 'admin']);
    expect([invited.code, invited.err]).toEqual([0, '']);
    expect(invited.out).toContain('ada was invited. Hand over this link');
    const set = (token: string | undefined, password: string) =>
      client().post('/auth/password/reset', { json: { token, password } });
    expect((await set(linkIn(invited.out), PASSWORD)).status).toBe(204);
    const again = await gatehouse(env, ['users', 'reset', 'ADA']);
    expect([again.code, again.err]).toEqual([0, '']);
    const other = `another ${PASSWORD}`;
    expect((await set(linkIn(again.out), other)).status).toBe(204);
    const browser = client();
    await browser.post('/auth/login', { json: { username: 'ada', password: other } });
    expect(await adminStatus(browser)).toBe(200);
    const nobody = await gatehouse(env, ['users', 'reset', 'nobody']);
    expect([nobody.code, nobody.err]).toEqual([1, 'gatehouse: there is no user nobody\n']);
  }, 30_000);

  it.each([
    [['a'], 'a is neither an email address nor a user name'],
    [['ada@'], 'ada@ is neither an email address nor a user name'],
    [[EMAIL, 'Admin'], '"Admin" is not a role: up to 32 of a-z 0-9 _ -'],
  ])('says in one line what it can not do: %j', async (args, message) => {
    const env = { DATA_DIR: join(temporaryFolder(), 'data') };
    const { code, err } = await gatehouse(env, ['users', 'invite', ...args]);
    expect([code, err]).toEqual([1, `gatehouse: ${message}\n`]);
  });
});
