import fc from 'fast-check';
import { runtime } from '../support/runtime.ts';
import {
  asForm,
  asJson,
  BODIES,
  bodies,
  FORM_TYPE,
  JSON_TYPE,
  oddName,
  oddText,
} from './bodies.ts';

/** A request as it is drawn; names in braces are filled in when it is sent. */
export interface Drawn {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | null;
}

export interface Route {
  method: string;
  path: string;
}

/** What the routes take that need something in their path. */
const ID: Record<string, string> = { users: '{victim}', sessions: '{session}' };

/** Inside workerd a request that is made there warns of each header beyond ASCII. */
const LAST = runtime.name === 'node' ? 0xff : 0x7e;
const latin = fc
  .string({ unit: fc.integer({ min: 0x21, max: LAST }).map((code) => String.fromCharCode(code)) })
  .filter((text) => !/[\x7f-\xa0]/.test(text));
const maybe = (arbitrary: fc.Arbitrary<string>, freq = 3) =>
  fc.option(arbitrary, { nil: undefined, freq });
/** Headers that any client can send. `freq`: one in so many has it. */
const headers = fc.record({
  accept: maybe(fc.constantFrom('text/html', '*/*', 'application/json', ',;q'), 1),
  'accept-language': maybe(fc.oneof(latin, fc.constantFrom('de', 'en;q=0', '*', '%'))),
  'user-agent': maybe(fc.oneof(latin, fc.constantFrom('x'.repeat(5000), '%', '%ff', '__proto__'))),
  origin: fc.oneof(
    { weight: 30, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.constantFrom('http://localhost:3000', 'https://app.example.com') },
    { weight: 1, arbitrary: fc.oneof(latin, fc.constantFrom('null', 'https://evil.example')) },
  ),
  authorization: fc.oneof(
    { weight: 30, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        latin,
        latin.map((text) => `Bearer ${text}`),
      ),
    },
  ),
  cookie: fc.oneof(
    { weight: 30, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        latin,
        latin.map((text) => `gatehouse=${text}; gatehouse=a`),
      ),
    },
  ),
  'x-test-address': maybe(fc.oneof(fc.ipV4(), fc.ipV6())),
  'x-forwarded-for': maybe(latin),
});

const PARAMETERS = [
  'query',
  'cursor',
  'limit',
  'user',
  'kind',
  'token',
  'returnTo',
  'include',
  'role',
];
const query = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...PARAMETERS, 'sent', 'done'), oddName), oddText), {
    maxLength: 3,
  })
  .map((all) => new URLSearchParams(all).toString());
const rawQuery = fc.constantFrom(
  '',
  '%',
  '%ff=%ff',
  'limit=%zz',
  '&&=&',
  'a[b]=c',
  'limit=1&limit=2',
);

const parameter = fc.oneof(
  fc.constantFrom('{self}', '{victim}', '{victim}', '{session}', '{session}'),
  fc.constantFrom('%00', '%ff', '%', '%2f', '%2e%2e', '__proto__', 'x'.repeat(3000), '*', ':id'),
  oddText.map((text) => encodeURIComponent(text.toWellFormed()) || '-'),
);

/** The request that a route is there for. */
export function rightRequest({ method, path }: Route): Drawn {
  const fields = BODIES[`${method} ${path}`];
  const formOnly = /^\/(account|verify|counter)/.test(path);
  const filled = path
    .replace(/\/(\w+)\/:id/, (_all, kind: string) => `/${kind}/${ID[kind]}`)
    .replace('devices/:action', 'devices/forget-all')
    .replace(':action', 'end-others');
  const request = { method, path: filled, query: '', headers: {} };
  if (!fields) return { ...request, body: null };
  const entries = Object.entries(fields);
  const content = formOnly ? FORM_TYPE : JSON_TYPE;
  const body = formOnly ? asForm(entries) : asJson(entries);
  return { ...request, headers: { 'content-type': content }, body };
}

/** Requests with methods and to addresses that nothing may wait for. */
export const strays: fc.Arbitrary<Drawn> = fc
  .record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'),
    path: fc
      .array(
        fc.oneof(fc.constantFrom(...['auth', 'admin', 'account', 'users', 'x', '']), parameter),
      )
      .map((parts) => `/x/../${parts.join('/')}`),
    query: fc.oneof(query, rawQuery),
    headers,
  })
  .map(({ headers: all, ...drawn }) => {
    const kept = Object.entries(all).filter((entry): entry is [string, string] => !!entry[1]);
    return { ...drawn, headers: Object.fromEntries(kept), body: null };
  });

/** Requests to a route, most of which it would not expect. */
export function requestsTo({ method, path }: Route): fc.Arbitrary<Drawn> {
  const takesBody = method !== 'GET';
  return fc
    .record({
      method: takesBody ? fc.constant(method) : fc.constantFrom('GET', 'GET', 'HEAD'),
      id: parameter,
      query: fc.oneof(fc.constant(''), query, rawQuery),
      headers,
      sent: takesBody ? bodies(BODIES[`${method} ${path}`] ?? {}) : fc.constant(null),
    })
    .map(({ id, sent, headers: all, ...drawn }) => {
      const given = Object.entries({ ...all, 'content-type': sent?.type });
      const kept = given.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
      return {
        ...drawn,
        path: path.replace(/:(id|action)/, () => id),
        headers: Object.fromEntries(kept),
        body: sent?.body ?? null,
      };
    });
}
