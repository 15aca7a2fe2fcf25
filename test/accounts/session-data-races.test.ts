import { describe, expect, it } from 'vitest';
import { expectRefused, patch, remove } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { expectNobody } from '../support/requests.ts';

const DATA = '/auth/session/data';
const WRITERS = Array.from({ length: 20 }, (_, i) => `writer${i}`);

async function someone(kind: string, store: 'embedded' | 'rest' = 'embedded') {
  const app = await createTestApp({ store });
  const client = kind === 'signed in' ? (await app.registered()).client : app.client();
  await patch(client, DATA, { before: true });
  await client.get('/auth/session');
  return { app, client };
}

describe.each(['signed in', 'anonymous'])('a session that is %s', (kind) => {
  it.each(['embedded', 'rest'] as const)(
    'loses nothing of twenty writers of different keys at once, in the %s store',
    async (store) => {
      const { client } = await someone(kind, store);
      const answers = await Promise.all(
        WRITERS.map((key) => patch(client.copy(), DATA, { [key]: 'kept' })),
      );
      expect(answers.map(({ status }) => status)).toEqual(WRITERS.map(() => 200));
      for (const [i, { json }] of answers.entries()) expect(json[WRITERS[i] ?? '']).toBe('kept');
      expect((await client.get(DATA)).json).toEqual({
        before: true,
        ...Object.fromEntries(WRITERS.map((key) => [key, 'kept'])),
      });
    },
    20_000,
  );

  it('merges below the same key what two wrote at once', async () => {
    const { app, client } = await someone(kind);
    const save = app.redis.hold('compareAndSet');
    const slow = patch(client.copy(), DATA, { cart: { tea: 1 } });
    await save.arrived;
    expect((await patch(client, DATA, { cart: { cake: 2 } })).status).toBe(200);
    save.release();
    expect((await slow).json.cart).toEqual({ cake: 2, tea: 1 });
  });

  it('stays within its limits although two writers fit only each alone', async () => {
    const { app, client } = await someone(kind);
    const save = app.redis.hold('compareAndSet');
    const slow = patch(client.copy(), DATA, { a: 'x'.repeat(5000) });
    await save.arrived;
    expect((await patch(client, DATA, { b: 'x'.repeat(5000) })).status).toBe(200);
    save.release();
    const refused = await slow;
    expectRefused(refused, 400, 'invalid_request');
    expect(refused.json.errors).toEqual([expect.objectContaining({ path: 'data' })]);
    expect(Object.keys((await client.get(DATA)).json)).toEqual(['before', 'b']);
  });

  it('is not started anew by a write during which it ended', async () => {
    const { app, client } = await someone(kind);
    const other = client.copy();
    const save = app.redis.hold('compareAndSet');
    const writing = patch(client, DATA, { late: true });
    await save.arrived;
    expect((await other.post('/auth/logout')).status).toBe(204);
    save.release();
    expectRefused(await writing, 401, 'not_signed_in');
    expectNobody(await client.get('/auth/session'));
    expect((await client.get(DATA)).json).toEqual({});
  });
});

describe('a write in flight', () => {
  const ways: [string, (owner: Client, id: string) => Promise<{ status: number }>][] = [
    ['its own revocation', (owner, id) => remove(owner, `/auth/sessions/${id}`)],
    ['the end of all sessions', (owner) => remove(owner, '/auth/sessions?include=current')],
  ];
  it.each(ways)('does not survive %s', async (_name, end) => {
    const { app, client } = await someone('signed in');
    const { id } = (await client.get('/auth/session')).json.session;
    const owner = client.copy();
    const save = app.redis.hold('compareAndSet');
    const writing = patch(client, DATA, { late: true });
    await save.arrived;
    expect((await end(owner, id)).status).toBeLessThan(300);
    save.release();
    expectRefused(await writing, 401, 'not_signed_in');
    expectNobody(await client.get('/auth/session'));
  });

  it('is kept when the other sessions are ended meanwhile', async () => {
    const { app, client } = await someone('signed in');
    const save = app.redis.hold('compareAndSet');
    const writing = patch(client.copy(), DATA, { late: true });
    await save.arrived;
    expect((await remove(client, '/auth/sessions')).json).toEqual({ revoked: 0 });
    save.release();
    expect((await writing).json).toEqual({ before: true, late: true });
    expect((await client.get(DATA)).json).toEqual({ before: true, late: true });
  });
});
