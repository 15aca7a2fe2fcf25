import { expect } from 'vitest';
import { hours, type Milliseconds } from '../../src/time.ts';
import { createTestApp, PASSWORD, type TestApp } from './app.ts';
import type { Answer, Client } from './client.ts';
import { EMAIL, login } from './requests.ts';

/** Limits of addresses out of the way, so that only accounts are counted. */
export const ONLY_ACCOUNTS = { LIMIT_LOGIN_ADDRESS: '100000/10m', LIMIT_REGISTER: '1000/1h' };

/** Somebody with an email and a user name, and the browser that they registered in. */
export async function counted(options: Parameters<typeof createTestApp>[0] = {}) {
  const app = await createTestApp({ ...options, env: { ...ONLY_ACCOUNTS, ...options.env } });
  const owner = app.client();
  const json = { email: EMAIL, username: 'ada', password: PASSWORD };
  expect((await owner.post('/auth/register', { json })).status).toBe(201);
  return { app, owner };
}

/** A login with a wrong password. */
export const guess = (client: Client, sent: Record<string, unknown> = {}) =>
  login(client, { password: 'not the password', ...sent });

/** Fails that often, from a new browser each time or always from the same. */
export async function failing(times: number, browser: () => Client, sent = {}): Promise<void> {
  for (let n = 0; n < times; n += 1) expect((await guess(browser(), sent)).status).toBe(401);
}

/** An account that a stranger keeps everybody out of whom it does not know. */
export async function besieged(options: Parameters<typeof createTestApp>[0] = {}) {
  const parts = await counted(options);
  await failing(5, parts.app.client);
  return parts;
}

/** Fails a hundred times in a row, each as soon as it may. */
export async function hundredfold(app: TestApp, browser: () => Client): Promise<void> {
  for (let n = 0; n < 100; n += 1) {
    expect((await guess(browser())).status).toBe(401);
    await app.advance(hours(1));
  }
}

/** Refused, for so long but for the time that a slow machine takes. */
export function expectHeld({ status, json, headers, cookies }: Answer, span: Milliseconds): void {
  expect([status, json?.code, cookies]).toEqual([429, 'rate_limited', []]);
  const wait = Number(headers.get('retry-after'));
  expect(json.retryAfter).toBe(wait);
  expect(Number.isInteger(wait)).toBe(true);
  expect(wait).toBeGreaterThan(span / 1000 - 10);
  expect(wait).toBeLessThanOrEqual(span / 1000);
}
