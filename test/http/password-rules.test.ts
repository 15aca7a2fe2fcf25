import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { countUsers } from '../support/requests.ts';

const RANGES = 'https://api.pwnedpasswords.com/range/';
/** The SHA-1 of `PASSWORD`. */
const [RANGE, TAIL] = ['ABF7A', 'AD6438836DBE526AA231ABDE2D0EEF74D42'];
const OTHER = '0123456789ABCDEF0123456789ABCDEF012';
const CHECKED = { PASSWORD_BREACH_CHECK: 'true' };

const ADA = { email: 'ada.l@example.com', username: 'countess', name: 'Ada Lovelace' };

const register = (app: TestApp, password: string) =>
  app.client().post('/auth/register', { json: { ...ADA, password } });

function expectRefused({ status, json, cookies }: Answer, path: string, code: string): void {
  expect([status, json.code, cookies]).toEqual([400, 'invalid_request', []]);
  expect(json.errors).toEqual([{ path, code, message: expect.stringMatching(/^[A-Z].+\.$/) }]);
}

const asked: Request[] = [];

/** Stands in for the service that knows breached passwords; everything else goes its way. */
function answerRanges(answer: (request: Request) => Response | Promise<Response>): void {
  const real = globalThis.fetch;
  vi.stubGlobal('fetch', (input: string | URL | Request, init?: RequestInit) => {
    if (!String(input).startsWith(RANGES)) return real(input, init);
    const request = new Request(input, init);
    asked.push(request);
    return answer(request);
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
  asked.length = 0;
});

describe('every route that sets a password', () => {
  const REFUSED = [
    ['too_common', 'password1234!'],
    ['too_common', 'qwertyuiop12'],
    ['contains_context', 'ada.l@example.com'],
    ['contains_context', 'Countess1843!'],
    ['contains_context', 'AdaLovelace12'],
    ['contains_context', 'Gatehouse2024!'],
  ] as const;

  it.each(REFUSED)('refuses on register as %s: %s', async (code, password) => {
    const app = await createTestApp();
    expectRefused(await register(app, password), 'password', code);
    expect(await countUsers(app)).toBe(0);
  });

  it.each(REFUSED)('refuses on a change of password as %s: %s', async (code, newPassword) => {
    const app = await createTestApp();
    const client = app.client();
    await client.post('/auth/register', { json: { ...ADA, password: PASSWORD } });
    const json = { currentPassword: PASSWORD, newPassword };
    expectRefused(await client.post('/auth/password', { json }), 'newPassword', code);
    const login = { username: ADA.username, password: PASSWORD };
    expect((await app.client().post('/auth/login', { json: login })).status).toBe(200);
  });

  it('names the service by APP_NAME', async () => {
    const app = await createTestApp({ env: { APP_NAME: 'Tea Room' } });
    expectRefused(await register(app, 'tearoom-1234'), 'password', 'contains_context');
  });
});

describe('the breach check', () => {
  it('asks nobody unless it is switched on', async () => {
    answerRanges(() => new Response(`${TAIL}:7`));
    expect((await register(await createTestApp(), PASSWORD)).status).toBe(201);
    expect(asked).toEqual([]);
  });

  it('refuses a known password, and tells no more of it than five digits of its digest', async () => {
    answerRanges(() => new Response(`${OTHER}:12\r\n${TAIL}:7\r\n`));
    const app = await createTestApp({ env: CHECKED });
    expectRefused(await register(app, PASSWORD), 'password', 'breached');
    expect(await countUsers(app)).toBe(0);
    const [request] = asked;
    expect([asked.length, request?.method, request?.url]).toEqual([1, 'GET', RANGES + RANGE]);
    expect(request?.headers.get('add-padding')).toBe('true');
  });

  it('does not take padding for a find', async () => {
    answerRanges(() => new Response(`${TAIL}:0\r\n${OTHER}:3`));
    const app = await createTestApp({ env: CHECKED });
    expect((await register(app, PASSWORD)).status).toBe(201);
    expect(app.logged.filter((line) => line.includes('breach'))).toEqual([]);
  });

  it('is not asked about what the other rules refuse', async () => {
    answerRanges(() => new Response(`${OTHER}:3`));
    expectRefused(
      await register(await createTestApp({ env: CHECKED }), 'password1234!'),
      'password',
      'too_common',
    );
    expect(asked).toEqual([]);
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ['a status', () => new Response(`${TAIL}:7`, { status: 503 })],
    ['a page', () => new Response('<!doctype html><p>Log in to the hotel network</p>')],
    ['nothing', () => new Response('')],
    ['no connection', () => Promise.reject(new TypeError('fetch failed'))],
  ])('lets the password pass with a line in the log when there is %s', async (_what, answer) => {
    answerRanges(answer);
    const app = await createTestApp({ env: CHECKED });
    expect((await register(app, PASSWORD)).status).toBe(201);
    const lines = app.logged.filter((line) => line.includes('the breach check was left out'));
    expect(lines).toHaveLength(1);
    for (const secret of [PASSWORD, RANGE, TAIL]) expect(app.logged.join()).not.toContain(secret);
  });
});
