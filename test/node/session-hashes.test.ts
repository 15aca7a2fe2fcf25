import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/time.ts';
import { signedIn } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { NEW_PASSWORD } from '../support/mail.ts';
import { EMAIL, expectLimited } from '../support/requests.ts';

const ENV = { SESSION_IDLE: '3h', LIMIT_LOGIN_ADDRESS: '1000/1h' };

const prove = (client: Client, password = PASSWORD) =>
  client.post('/auth/reauthenticate', { json: { password } });

const change = (client: Client, currentPassword: string, newPassword: string) =>
  client.post('/auth/password', { json: { currentPassword, newPassword } });

async function withSession() {
  const app = await createTestApp({ env: ENV });
  return { app, client: (await app.registered()).client };
}

async function proveTimes(client: Client, times: number) {
  for (let i = 0; i < times; i += 1) expect((await prove(client)).status).toBe(200);
}

describe('the hashes that a session asks for', () => {
  it('are 60 an hour, also those of right passwords, for each session by itself', async () => {
    const { app, client } = await withSession();
    const { client: other } = await signedIn(app);
    await proveTimes(client, 60);
    expectLimited(await prove(client), 3600);
    await proveTimes(other, 1);
    await app.advance(hours(1) + seconds(1));
    await proveTimes(client, 1);
  });

  it('are two for a change of the password, so it is changed 30 times an hour', async () => {
    const { client } = await withSession();
    for (let i = 0; i < 15; i += 1) {
      expect((await change(client, PASSWORD, NEW_PASSWORD)).status).toBe(204);
      expect((await change(client, NEW_PASSWORD, PASSWORD)).status).toBe(204);
    }
    expectLimited(await change(client, PASSWORD, NEW_PASSWORD), 3600);
    const login = { json: { email: EMAIL, password: PASSWORD } };
    expect((await client.post('/auth/login', login)).status).toBe(200);
  });

  it('are those of wrong passwords too', async () => {
    const { app, client } = await withSession();
    for (let i = 0; i < 5; i += 1) {
      for (let j = 0; j < 4; j += 1) expect((await prove(client, 'not it')).status).toBe(401);
      await app.advance(minutes(10) + seconds(1));
    }
    await proveTimes(client, 40);
    expectLimited(await prove(client), 3600);
  });

  it('are not those that strangers ask for', async () => {
    const { app, client } = await withSession();
    const wrong = { json: { email: EMAIL, password: 'not the password' } };
    for (let i = 0; i < 70; i += 1) await app.client().post('/auth/login', wrong);
    await proveTimes(client, 60);
  });
});
