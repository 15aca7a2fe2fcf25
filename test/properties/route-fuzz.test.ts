import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RefusalCode } from '../../src/errors.ts';
import { problemDetails, statusOf } from '../../src/http/problem.ts';
import { isHandler } from '../../src/http/routing.ts';
import { TEXTS } from '../../src/texts/texts.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { login } from '../support/requests.ts';
import { runtime } from '../support/runtime.ts';
import { Actor, type Kind } from './actor.ts';
import { SEED } from './arbitraries.ts';
import { type Drawn, type Route, requestsTo, rightRequest, strays } from './requests.ts';

/** Requests to each route by each kind of person. A round trip inside workerd takes longer. */
const EACH = runtime.name === 'node' ? 20 : 8;

const MEMBERS = Reflect.ownKeys(Object.prototype).length;

/** Nothing but the right body is to be in the way. */
const UNLIMITED = Object.fromEntries(
  ['LOGIN_ADDRESS', 'REGISTER', 'ANONYMOUS', 'FORGOT_ACCOUNT', 'FORGOT_ADDRESS', 'MAIL', 'TOKEN']
    .concat('PASSWORD')
    .map((name) => [`LIMIT_${name}`, '1000000/1h']),
);
const env = { ...UNLIMITED, TRUSTED_ORIGINS: 'https://app.example.com' };
/** A store that is slow on a busy machine is no answer to a bad request. */
const options = { env };

const SECURITY_HEADERS = {
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^same-origin$/,
  'content-security-policy': /^default-src 'none'; .*frame-ancestors 'none'/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'x-request-id': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};

/** What a stack, a statement, a driver or a runtime would put into a text. */
const INNARDS = new RegExp(
  [
    /\n\s+at |node_modules|\.tsx?:\d|\b(?:Range|Type|Syntax|Reference|Libsql)Error\b/,
    /SQLITE|HRANA|\b(?:select|insert into|update|delete from) (?:"|&quot;)/,
    /SELECT .* FROM |INSERT INTO|\[object Object\]/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

function routesOf({ app }: TestApp): Route[] {
  const named = app.routes.filter(isHandler);
  const known = new Map(named.map(({ method, path }) => [`${method} ${path}`, { method, path }]));
  return [...known.values()];
}

function expectSound({ status, headers, text, json, cookies }: Answer): void {
  expect(status, text).toBeLessThan(500);
  for (const [name, form] of Object.entries(SECURITY_HEADERS)) {
    expect(headers.get(name) ?? `no ${name}`).toMatch(form);
  }
  expect(text).not.toMatch(INNARDS);
  expect(text).not.toContain(PASSWORD);
  const names = cookies.map((line) => line.split('=')[0]);
  expect(names).toEqual([...new Set(names)]);
  const type = headers.get('content-type') ?? '';
  if (status < 400 || text === '' || type.startsWith('text/html')) return;
  expect(type).toBe('application/problem+json');
  const code = json.code as RefusalCode;
  const language = headers.get('content-language') === 'de' ? 'de' : 'en';
  const { title } = problemDetails({ ok: false, code }, '', TEXTS[language]);
  expect(json).toMatchObject({ type: 'about:blank', status, title, detail: expect.any(String) });
  expect([statusOf({ ok: false, code }), json.requestId]).toEqual([
    status,
    headers.get('x-request-id'),
  ]);
}

/** Refusals that say nothing of what a route does with a good request. */
const AT_THE_DOOR = ['invalid_request', 'unsupported_media_type', 'body_too_large', 'not_found']
  .concat('not_signed_in', 'forbidden', 'recent_login_required', 'cross_site_request')
  .concat('method_not_allowed');

const got = ({ status, json }: Answer) =>
  status < 400 || (typeof json?.code === 'string' && !AT_THE_DOOR.includes(json.code));

/** This share of all requests at least gets past the checks of its route. */
const PAST = 0.35;

/** What asks for somebody who is signed in. Pages send others to sign in. */
const OWN =
  /^\/auth\/(verify|events|sessions.*|devices.*|user|reauthenticate|password|email|email\/verification)$/;

/** Routes that need what this test can't know, such as the id of what only they make. */
const SPARED: readonly string[] = ['DELETE /auth/devices/:id', 'POST /account/devices/:id/forget'];

const WHERE = 'see OWN and SPARED here, BODIES in bodies.ts, ID in requests.ts';

/** What is open to whom. */
const MAY: Record<Kind, (route: Route) => boolean> = {
  anonymous: ({ path }) => !path.startsWith('/admin') && !OWN.test(path),
  user: ({ path }) => !path.startsWith('/admin'),
  admin: () => true,
};

async function expectWorking(app: TestApp): Promise<void> {
  await app.settled();
  const { client, user } = await app.registered('after@example.com');
  expect((await client.get('/auth/session')).json.user.id).toBe(user.id);
  expect((await login(app.client(), { email: 'after@example.com' })).status).toBe(200);
  for (const path of ['/', '/health', '/ready']) expect((await client.get(path)).status).toBe(200);
  expect(app.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  expect(Reflect.ownKeys(Object.prototype)).toHaveLength(MEMBERS);
}

/** Sends requests that are drawn for a route; how many there were, and how many got past its checks. */
async function fuzz(
  send: (drawn: Drawn) => Promise<Answer>,
  drawn: fc.Arbitrary<Drawn>,
  { seed = SEED, numRuns = EACH } = {},
) {
  const count = { all: 0, past: 0 };
  const check = async (request: Drawn) => {
    const answer = await send(request);
    count.all += 1;
    count.past += got(answer) ? 1 : 0;
    expectSound(answer);
  };
  await fc.assert(fc.asyncProperty(drawn, check), { seed, numRuns, endOnFailure: true });
  return count;
}

describe('every route', () => {
  it.each<Kind>(['anonymous', 'user', 'admin'])(
    'answers whatever is sent (%s) with sense, and goes on working',
    { timeout: 60_000 },
    async (kind) => {
      const app = await createTestApp(options);
      const actor = new Actor(app, kind);
      const closed: string[] = [];
      const count = { all: 0, past: 0 };
      for (const [i, route] of routesOf(app).entries()) {
        const right = await actor.send(rightRequest(route));
        expectSound(right);
        const name = `${route.method} ${route.path}`;
        if (MAY[kind](route) && !got(right) && !SPARED.includes(name)) closed.push(name);
        const { all, past } = await fuzz(actor.send, requestsTo(route), { seed: SEED + i });
        count.all += all;
        count.past += past;
      }
      // What ends sessions and users on the way leaves the rest worth its name.
      expect(closed, `routes that ${kind} gets nothing right through to: ${WHERE}`).toEqual([]);
      expect(count.past / count.all).toBeGreaterThan(PAST);
      await expectWorking(app);
    },
  );
});

describe('the server', () => {
  it('answers methods and addresses that nothing waits for with sense', async () => {
    const app = await createTestApp(options);
    for (const kind of ['anonymous', 'admin'] as const) {
      await fuzz(new Actor(app, kind).send, strays, { numRuns: 10 * EACH });
    }
    await expectWorking(app);
  });

  it.each(['verified', 'closed'])('answers whoever registers (%s)', async (registration) => {
    const app = await createTestApp({ ...options, env: { ...env, REGISTRATION: registration } });
    const client = app.client();
    const send = ({ method, path, query, headers, body }: Drawn) =>
      client.request(method, `${path}?${query}`, { headers, ...(body === null ? {} : { body }) });
    await fuzz(send, requestsTo({ method: 'POST', path: '/auth/register' }), { numRuns: 5 * EACH });
    await app.settled();
    expect(app.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});
