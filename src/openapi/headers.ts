import { EMAIL, type Schema, USER_ID } from './schemas.ts';

interface Header {
  description: string;
  schema: Schema;
}

const header = (description: string, example: string | number, rules: Schema = {}): Header => ({
  description,
  schema: {
    type: typeof example === 'number' ? 'integer' : 'string',
    examples: [example],
    ...rules,
  },
});

/** The headers of answers, by name. */
export const headers = {
  'X-Request-Id': header(
    'The name of the request in the logs.',
    '7f9c24e8-3b12-4c5a-9d7e-0a1b2c3d4e5f',
  ),
  'Set-Cookie': header(
    'Sets, renews or clears the session cookie. Browsers keep it; scripts cannot read it.',
    'gatehouse=VALUE; Path=/; HttpOnly; SameSite=Lax',
  ),
  'Retry-After': header('Whole seconds after which trying again can help.', 30),
  'WWW-Authenticate': header(
    'How to sign in without a cookie. With `error="invalid_token"` when the bearer token of the request does not work, or no more.',
    'Bearer',
  ),
  'X-Auth-User-Id': header('The id of the user.', USER_ID),
  'X-Auth-Email': header(
    'The email address, percent-encoded where it is not ASCII. Empty when there is none, or it is not confirmed.',
    EMAIL,
  ),
  'X-Auth-Email-Verified': header('Whether the address is confirmed.', 'true', {
    enum: ['true', 'false'],
  }),
  'X-Auth-Roles': header('The roles of the user, separated by commas.', 'user,admin'),
} satisfies Record<string, Header>;

export type HeaderName = keyof typeof headers;

/** Headers of an answer, by reference. Every answer names its request. */
export function headersOf(names: readonly HeaderName[]) {
  const all: HeaderName[] = ['X-Request-Id', ...names];
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
