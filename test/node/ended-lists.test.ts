import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { costOf, EMAIL } from '../support/requests.ts';

describe('the list of sessions, asked for with a token that is over', () => {
  it.each([
    ['/auth/sessions', 401],
    ['/account/sessions', 303],
  ])('costs no list but the first one at %s', async (path, status) => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    const stolen = client.copy();
    await client.post('/auth/logout');
    const ask = () => costOf(app, async () => expect((await stolen.get(path)).status).toBe(status));
    expect((await ask()).commands.sort()).toEqual(['EVAL', 'MGET']);
    for (let i = 0; i < 3; i += 1) expect((await ask()).commands).toEqual(['MGET']);
  });

  it('costs the sessions of the same user that live no round trip', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    const stolen = client.copy();
    await client.post('/auth/logout');
    await stolen.get('/auth/sessions');
    await client.post('/auth/login', {
      json: { email: EMAIL, password: PASSWORD },
    });
    await client.get('/auth/session');
    const cost = await costOf(app, async () => {
      expect((await client.get('/auth/sessions')).status).toBe(200);
    });
    expect(cost.commands.sort()).toEqual(['EVAL', 'MGET']);
  });

  it('is read again after the store did not answer', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    await app.breakStore('status-500');
    expect((await client.get('/auth/sessions')).status).toBe(503);
    await app.breakStore(null);
    const cost = await costOf(app, () => client.get('/auth/sessions'));
    expect(cost.commands).toContain('EVAL');
  });
});
