import { describe, expect, it } from 'vitest';
import { indexKey } from '../../src/session/keys.ts';
import { remove, signedIn } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import { expectNobody } from '../support/requests.ts';

/** Two browsers of one user, whose index a full store has evicted while it kept the sessions. */
async function evicted() {
  const app = await createTestApp();
  const { client, session, user } = await app.registered();
  const other = await signedIn(app);
  for (const { id } of [session, other.session]) {
    const entry = { index: indexKey(user.id), prefix: 'gh:no record:', member: id };
    await app.redis.inner.deleteIndexed(entry);
  }
  return { app, client, session, other };
}

describe('when the store has evicted the index of sessions', () => {
  it('the one that asks is in the list, in JSON and on both pages', async () => {
    const { client, session } = await evicted();
    const { json } = await client.get('/auth/sessions');
    expect(json.sessions).toMatchObject([{ id: session.id, current: true }]);
    const page = await client.get('/account/sessions');
    expect(page.text).toContain(`/account/sessions/${session.id}/end`);
    expect((await client.get('/account')).status).toBe(200);
  });

  it('all end by the epoch, and the count says what is known', async () => {
    const { client, other } = await evicted();
    const answer = await remove(client, '/auth/sessions?include=current');
    expect([answer.status, answer.json]).toEqual([200, { revoked: 1 }]);
    expectNobody(await client.get('/auth/session'));
    expectNobody(await other.client.get('/auth/session'));
  });

  it('all others end too, and this one goes on', async () => {
    const { client, session, other } = await evicted();
    expect((await remove(client, '/auth/sessions')).json).toEqual({ revoked: 0 });
    expectNobody(await other.client.get('/auth/session'));
    expect((await client.get('/auth/session')).json.session.id).toBe(session.id);
    expect((await client.get('/auth/sessions')).json.sessions).toHaveLength(1);
  });
});
