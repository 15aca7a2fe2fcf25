import { expect } from 'vitest';
import { sql, type TestApp } from './app.ts';
import type { Answer, Client, Sent } from './client.ts';
import { login } from './requests.ts';

export const patch = (client: Client, path: string, json: unknown, sent: Sent = {}) =>
  client.request('PATCH', path, { json, ...sent });

export const remove = (client: Client, path: string, sent: Sent = {}) =>
  client.request('DELETE', path, sent);

export const bearer = (token: string): Sent => ({ headers: { authorization: `Bearer ${token}` } });

/** Refused with this status and code, and without a cookie. */
export function expectRefused(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.json?.code, answer.cookies]).toEqual([status, code, []]);
}

/** A browser that has just signed in. */
export async function signedIn(app: TestApp, sent: Record<string, unknown> = {}, headers = {}) {
  const client = app.client(headers);
  const { status, json } = await login(client, sent);
  expect(status).toBe(200);
  return { client, user: json.user, session: json.session, token: json.token };
}

/** The id of the live session of a browser; undefined when it is not signed in. */
export const sessionOf = async (client: Client): Promise<string | undefined> =>
  (await client.get('/auth/session')).json.session?.id;

/** The sessions that their owner sees. */
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
export async function listed(client: Client): Promise<any[]> {
  const { status, json } = await client.get('/auth/sessions');
  expect(status).toBe(200);
  return json.sessions;
}

/** As if the user had opened the link that confirms their address. */
export const confirm = (app: TestApp, { id }: { id: string }) =>
  app.sql(sql`UPDATE users SET email_verified = 1 WHERE id = ${id}`);

/** Somebody with the role `admin`, signed in. */
export async function admin(app: TestApp, email = 'root@example.com') {
  const registered = await app.registered(email);
  const roles = JSON.stringify(['user', 'admin']);
  await app.sql(sql`UPDATE users SET roles = ${roles} WHERE id = ${registered.user.id}`);
  return registered;
}
