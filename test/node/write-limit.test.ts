import { describe, expect, it } from 'vitest';
import { minutes } from '../../src/time.ts';
import { expectRefused, patch, remove, signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { expectLimited } from '../support/requests.ts';

const LIMITED = { LIMIT_WRITES: '3/10m' };

async function someone(env: Record<string, string> = LIMITED) {
  const app = await createTestApp({ env });
  return { app, ...(await app.registered()) };
}

const write = (client: Client) => patch(client, '/auth/user', { name: 'Ada' });

async function writeTimes(client: Client, times: number) {
  for (let n = 0; n < times; n += 1) expect((await write(client)).status).toBe(200);
}

describe('LIMIT_WRITES', () => {
  it('refuses the unsafe requests of a session past it, over the API and by forms, for a window', async () => {
    const { app, client } = await someone();
    await writeTimes(client, 2);
    expect((await client.post('/counter')).status).toBe(303);
    expectLimited(await write(client));
    expectLimited(await patch(client, '/auth/session/data', { a: 1 }));
    expect((await client.post('/account/name', { form: { name: 'Eve' } })).status).toBe(429);
    expect((await client.get('/auth/session')).json.user.name).toBe('Ada');
    await app.advance(minutes(10));
    await writeTimes(client, 1);
  });

  it('counts the sessions of one user together, four times as many', async () => {
    const { app } = await someone();
    const clients: Client[] = [];
    for (let n = 0; n < 5; n += 1) clients.push((await signedIn(app)).client);
    for (const client of clients.slice(0, 4)) await writeTimes(client, 3);
    expectLimited(await write(clients[4] as Client));
    const { client: bob } = await app.registered('bob@example.com');
    await writeTimes(bob, 3);
  });

  it('counts what a visitor writes by the session alone', async () => {
    const { app } = await someone();
    const visitor = app.client();
    for (let n = 0; n < 4; n += 1) {
      expect((await patch(visitor, '/auth/session/data', { n })).status).toBe(200);
    }
    expectLimited(await patch(visitor, '/auth/session/data', { n: 9 }));
  });

  it('never refuses what ends something, or proves who asks', async () => {
    const { app, client } = await someone();
    await writeTimes(client, 3);
    const { session } = await signedIn(app);
    const proof = { json: { password: PASSWORD } };
    expect((await client.post('/auth/reauthenticate', proof)).status).toBe(200);
    expect((await remove(client, `/auth/sessions/${session.id}`)).status).toBe(204);
    expect((await remove(client, '/auth/sessions')).status).toBe(200);
    const json = { currentPassword: PASSWORD, newPassword: 'another horse battery staple' };
    expect((await client.post('/auth/password', { json })).status).toBe(204);
    const form = { form: {} };
    expect((await client.post('/account/sessions/end-others', form)).status).toBe(303);
    expectLimited(await write(client));
    expect((await client.post('/auth/logout')).status).toBe(204);
  });

  it('is 300 in ten minutes where nothing is said', async () => {
    const { client } = await someone({});
    await writeTimes(client, 300);
    expectLimited(await write(client));
  });
});

describe('asking for user names that are taken', () => {
  it('is counted with registrations, and what is free is not', async () => {
    const { app, client } = await someone({ LIMIT_REGISTER: '3/1h' });
    const bob = { username: 'bob', password: PASSWORD };
    expect((await app.client().post('/auth/register', { json: bob })).status).toBe(201);
    for (const username of ['ada', 'ada', 'countess']) {
      expect((await patch(client, '/auth/user', { username })).status).toBe(200);
    }
    const taken = () => patch(client, '/auth/user', { username: 'bob' });
    expectRefused(await taken(), 409, 'username_taken');
    expectRefused(await taken(), 429, 'rate_limited');
    expect((await patch(client, '/auth/user', { name: 'Ada' })).status).toBe(200);
  });
});
