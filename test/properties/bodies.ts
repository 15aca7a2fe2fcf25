import fc from 'fast-check';
import { PASSWORD } from '../support/app.ts';
import { characters, json, pieces, units } from './arbitraries.ts';

export const JSON_TYPE = 'application/json';
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** What a route takes, so that requests get past its checks. `{…}` is filled in when it is sent. */
export const BODIES: Record<string, Record<string, unknown>> = {
  'POST /auth/register': { email: '{fresh}@example.com', password: PASSWORD, name: 'Ada' },
  'POST /auth/login': { email: '{email}', password: PASSWORD, remember: true },
  'POST /auth/reauthenticate': { password: PASSWORD },
  'PATCH /auth/session/data': { cart: [{ id: 1, n: 2 }], theme: 'dark', gone: null },
  'PATCH /auth/user': { name: 'Ada Lovelace', username: 'u{fresh}' },
  'POST /auth/password': { currentPassword: PASSWORD, newPassword: PASSWORD },
  'DELETE /auth/user': { password: PASSWORD },
  'POST /auth/password/forgot': { email: '{email}' },
  'POST /auth/password/reset': { token: '{reset}', password: PASSWORD },
  'POST /auth/email': { email: '{fresh}@example.org' },
  'POST /auth/email/verify': { token: '{verify}' },
  'POST /verify/disown': { token: '{verify}' },
  'POST /account/name': { name: 'Ada', username: 'v{fresh}' },
  'POST /account/password': { currentPassword: PASSWORD, newPassword: PASSWORD },
  'POST /account/email': { email: '{fresh}@example.net', password: PASSWORD },
  'POST /account/delete': { password: PASSWORD },
  'POST /admin/users': { email: '{fresh}@example.edu', name: 'Bob', roles: ['user', 'editor'] },
  'PATCH /admin/users/:id': { name: 'Carol', disabled: false, roles: ['user'] },
};

const ODD = [
  ...['', ' ', '\0', 'a\0b', '__proto__', 'constructor', 'null', '-1', '1e400', "' OR 1=1 --", '%'],
  ...['<script>', '"><b>', '\r\nSet-Cookie: a=b', '\u2028', '\ud800', '\u{1f511}', '\uff20', '٣'],
  ...['{self}', '{victim}', '{session}', '{email}', '../..', '//evil.example', 'javascript:1'],
];
export const oddText = fc.oneof(
  fc.constantFrom(...ODD),
  characters(),
  units,
  pieces('@', '.', ...ODD),
  fc.nat({ max: 3000 }).map((n) => 'é'.repeat(n)),
);
const oddValue = fc.oneof(oddText, json);
export const oddName = fc.oneof(
  fc.constantFrom(
    'role',
    'id',
    'returnTo',
    'token',
    'remember',
    '_method',
    '__proto__',
    'toString',
  ),
  oddText,
);

/** The right fields, but for one that is odd, missing or new. */
const nearly = (fields: Record<string, unknown>) =>
  fc
    .tuple(
      fc.constantFrom(...Object.keys(fields), 'more'),
      fc.option(oddName),
      fc.option(oddValue, { nil: undefined }),
    )
    .map(([name, other, value]) =>
      Object.entries(fields)
        .map(([key, was]): [string, unknown] => [key, key === name && !other ? value : was])
        .concat(other || name === 'more' ? [[other || 'more', value]] : []),
    )
    .map((entries) => entries.filter(([, value]) => value !== undefined));

export function asJson(entries: [string, unknown][]): string {
  const fields = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${fields}}`;
}

export function asForm(entries: [string, unknown][]): string {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return new URLSearchParams(
    entries.map(([key, value]): [string, string] => [key, text(value)]),
  ).toString();
}

const deep = fc
  .tuple(fc.constantFrom('[', '{"a":', '[[],'), fc.integer({ min: 1, max: 9000 }))
  .map(([open, levels]) => `{"a":${open.repeat(levels)}`.slice(0, 16_300));
const wild = fc.oneof(
  json.map((value) => JSON.stringify(value)),
  deep,
  fc.integer({ min: 1, max: 1000 }).map((n) => `{"a":${'['.repeat(n)}${']'.repeat(n)}}`),
  fc.constant('x'.repeat(17_000)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
  oddText,
);

const type = fc.constantFrom(
  ...[JSON_TYPE, FORM_TYPE, 'application/merge-patch+json', 'multipart/form-data; boundary=a'],
  ...['APPLICATION/JSON; charset=utf-16', 'text/plain', 'text/html', ';', 'a/b/c', ''],
);

interface Body {
  type: string | null;
  body: string | Uint8Array<ArrayBuffer> | null;
}

/** Bodies for a route that takes these fields, with their content types. */
export function bodies(fields: Record<string, unknown>): fc.Arbitrary<Body> {
  const entries = Object.entries(fields);
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({ type: JSON_TYPE, body: asJson(entries) }) },
    { weight: 2, arbitrary: fc.constant({ type: FORM_TYPE, body: asForm(entries) }) },
    {
      weight: 6,
      arbitrary: nearly(fields).map((all) => ({ type: JSON_TYPE, body: asJson(all) })),
    },
    { weight: 4, arbitrary: nearly(fields).map((all) => ({ type: FORM_TYPE, body: asForm(all) })) },
    { weight: 3, arbitrary: wild.map((body) => ({ type: JSON_TYPE, body })) },
    { weight: 2, arbitrary: fc.record({ type, body: wild }) },
    { weight: 1, arbitrary: fc.record({ type: fc.option(type), body: fc.constant(null) }) },
  );
}
