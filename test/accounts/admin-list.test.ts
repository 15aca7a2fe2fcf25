import { describe, expect, it } from 'vitest';
import { admin, expectRefused, patch } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';

const NAMES = ['Ada', 'Bob', 'Cem', 'Dee'];

/** Five users: an admin, then four with an email, a user name and a name each. */
async function five() {
  const app = await createTestApp();
  const { client: root, user } = await admin(app);
  const ids = [user.id];
  for (const name of NAMES) {
    const low = name.toLowerCase();
    const json = { email: `${low}@mail.example`, username: `${low}_1`, name, password: PASSWORD };
    ids.push((await app.client().post('/auth/register', { json })).json.user.id);
  }
  return { app, root, ids };
}

const page = async (client: Client, params: Record<string, string>) =>
  client.get(`/admin/users?${new URLSearchParams(params)}`);

async function found(client: Client, query: string) {
  const { status, json } = await page(client, { query });
  expect([status, json.next]).toEqual([200, null]);
  return json.users.map(({ name }: { name: string | null }) => name);
}

describe('GET /admin/users', () => {
  it('lists everybody by creation', async () => {
    const { root, ids } = await five();
    const { json } = await root.get('/admin/users');
    expect(json.users.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(json.next).toBeNull();
  });

  it.each([
    [2, [2, 2, 1]],
    [5, [5]],
    [4, [4, 1]],
    [1, [1, 1, 1, 1, 1]],
    [100, [5]],
  ])('goes through all of them with a limit of %i, each once', async (limit, lengths) => {
    const { root, ids } = await five();
    const pages: string[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const sent: Record<string, string> = { limit: String(limit) };
      if (cursor !== '') sent.cursor = cursor;
      const { status, json } = await page(root, sent);
      expect(status).toBe(200);
      pages.push(json.users.map(({ id }: { id: string }) => id));
      cursor = json.next;
    }
    expect(pages.map(({ length }) => length)).toEqual(lengths);
    expect(pages.flat()).toEqual(ids);
  });

  it('goes on after a user that is gone, and knows no user after the last', async () => {
    const { root, ids } = await five();
    const [, second = ''] = ids;
    const gone = `${second.slice(0, -1)}~`;
    const { json } = await page(root, { cursor: gone });
    expect(json.users.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2));
    expect((await page(root, { cursor: '~' })).json).toEqual({ users: [], next: null });
  });

  it('finds by a part of the email, the user name or the name, in any case', async () => {
    const { root } = await five();
    expect(await found(root, 'bob@mail')).toEqual(['Bob']);
    expect(await found(root, 'CEM_1')).toEqual(['Cem']);
    expect(await found(root, 'dee')).toEqual(['Dee']);
    expect(await found(root, 'mail.example')).toEqual(NAMES);
    await patch(root, '/auth/user', { name: 'The Countess' });
    expect(await found(root, 'count')).toEqual(['The Countess']);
    expect(await found(root, 'nobody')).toEqual([]);
  });

  it('finds a name that is not ASCII, composed or not', async () => {
    const app = await createTestApp();
    const { client: root } = await admin(app);
    const { client } = await app.registered();
    await patch(client, '/auth/user', { name: 'Zoë Ärzt' });
    for (const query of ['Zoë', 'zoë', 'Ärzt', 'A\u0308rzt']) {
      expect(await found(root, query)).toEqual(['Zoë Ärzt']);
    }
  });

  it.each(['%', 'a_a', "' OR 1=1 --", '*', '\\', '"'])(
    'takes %j for what it is, and no pattern',
    async (query) => {
      expect(await found((await five()).root, query)).toEqual([]);
    },
  );

  it('pages through what a query finds', async () => {
    const { root } = await five();
    const first = (await page(root, { query: 'mail.example', limit: '3' })).json;
    expect(first.users).toHaveLength(3);
    const sent = { query: 'mail.example', limit: '3', cursor: first.next };
    const second = (await page(root, sent)).json;
    expect(second.users.map(({ name }: { name: string }) => name)).toEqual(['Dee']);
    expect(second.next).toBeNull();
  });

  it.each(['0', '101', '-1', '1.5', '1e1', '0x1', ' 1', '', 'all', 'NaN', '9'.repeat(400)])(
    'refuses the limit %j',
    async (limit) => {
      const app = await createTestApp();
      const { client: root } = await admin(app);
      const answer = await page(root, { limit });
      expectRefused(answer, 400, 'invalid_request');
      expect(answer.json.errors).toEqual([expect.objectContaining({ path: 'limit' })]);
    },
  );

  it('says who is disabled', async () => {
    const { root, ids } = await five();
    await patch(root, `/admin/users/${ids[2]}`, { disabled: true });
    const { users } = (await root.get('/admin/users')).json;
    const disabled = users.map((user: { disabled: boolean }) => user.disabled);
    expect(disabled).toEqual([false, false, true, false, false]);
  });
});
