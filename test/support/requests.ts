import { expect } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { createServices, type Ports } from '../../src/services.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from './app.ts';
import { type Answer, Client, type Sent } from './client.ts';
import { runtime } from './runtime.ts';

export const EMAIL = 'ada@example.com';
export const TRUSTED = 'https://app.example.com';

/** An answer to somebody the server does not know, which leaves the browser's cookies alone. */
export function expectNobody({ status, text, cookies }: Answer): void {
  const nobody = { status: 200, text: '{"user":null,"session":null}', cookies: [] };
  expect({ status, text, cookies }).toEqual(nobody);
}

export const NO_COST = { commands: [], statements: 0 };

/** What some work asked of the store and the database. For apps with `store: 'rest'`. */
export async function costOf(app: TestApp, work: () => Promise<unknown>) {
  await app.asked();
  app.statements();
  await work();
  const { commands } = await app.asked();
  return { commands, statements: app.statements() };
}

export function login(client: Client, sent: Record<string, unknown> = {}, more: Sent = {}) {
  const names = 'username' in sent ? {} : { email: EMAIL };
  return client.post('/auth/login', { json: { ...names, password: PASSWORD, ...sent }, ...more });
}

export async function countUsers(app: TestApp): Promise<unknown> {
  const [row] = await app.sql(sql`SELECT count(*) AS n FROM users`);
  return row?.n;
}

/** The counter that the front page shows. */
export async function counterOf(client: Client, sent: Sent = {}): Promise<number> {
  const { text } = await client.get('/', sent);
  return Number(/<dt>Counter<\/dt><dd>(\d+)<\/dd>/.exec(text)?.[1]);
}

function partsOf(line: string) {
  const [pair = '', ...attributes] = line.split('; ');
  const at = pair.indexOf('=');
  return { name: pair.slice(0, at), value: pair.slice(at + 1), attributes: attributes.sort() };
}

const isDevice = (line: string) => /^(__Host-)?gatehouse-device=/.test(line);

/** The one session cookie of an answer, in parts. Beside it only a login's device cookie may stand. */
export function cookieOf({ cookies }: Answer) {
  const others = cookies.filter((line) => !isDevice(line));
  expect(others).toHaveLength(1);
  return partsOf(others[0] ?? '');
}

/** The device cookie of an answer, in parts. null: it has none. */
export function deviceCookieOf({ cookies }: Answer) {
  const [line, ...more] = cookies.filter(isDevice);
  expect(more).toEqual([]);
  return line === undefined ? null : partsOf(line);
}

/** Browsers of another server with the same store and database, such as one with other settings. */
export function otherServer(
  app: TestApp,
  change: Partial<Config>,
  platform: Partial<Ports> = {},
): () => Client {
  const config = { ...app.services.config, ...change };
  const { bcrypt, gate } = runtime;
  const keepAlive = () => {};
  const ports = { ...app.services, bcrypt, gate, mailer: null, keepAlive, ...platform };
  const services = createServices(config, ports);
  const server = createApp(services, { clientAddress: () => null });
  return () => new Client((request) => server.fetch(request), config.baseUrl);
}

/** Sends a request as if from an address. */
export const from = (address: string) => ({ headers: { 'x-test-address': address } });

let guesses = 0;

/** A failed login, each at an account of its own, so that only the address is counted. */
export function wrong(app: TestApp, address = '192.0.2.1', sent: Record<string, unknown> = {}) {
  guesses += 1;
  const names = Object.keys(sent).length > 0 ? {} : { email: `nobody${guesses}@example.com` };
  return login(app.client(), { ...names, ...sent, password: 'not the password' }, from(address));
}

/** A login with the right password. */
export const right = (app: TestApp, address = '192.0.2.1') =>
  login(app.client(), {}, from(address));

/** Fails to log in so many times. */
export async function fail(app: TestApp, times: number, address?: string) {
  for (let i = 0; i < times; i += 1) expect((await wrong(app, address)).status).toBe(401);
}

/** An app with one user, and an address that has used up its tries. */
export async function exhausted(address?: string) {
  const app = await createTestApp();
  await app.registered();
  await fail(app, 10, address);
  return app;
}

/** Refused, with the same whole number of seconds in header and body, `longest` at most. */
export function expectLimited({ status, json, headers, cookies }: Answer, longest = 600) {
  expect([status, json.code, cookies]).toEqual([429, 'rate_limited', []]);
  const seconds = Number(headers.get('retry-after'));
  expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= longest).toBe(true);
  expect(json.retryAfter).toBe(seconds);
}

export const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

/** An app behind REST with a user of two names, and what posts to it from a new browser. */
export async function withAda() {
  const app = await createTestApp({ store: 'rest' });
  const json = { email: EMAIL, username: 'ada', password: PASSWORD };
  await app.client().post('/auth/register', { json });
  const post = (path: string, sent: Sent) => app.client().post(path, sent);
  return { app, post };
}
