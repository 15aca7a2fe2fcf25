import { EVENT_KINDS } from '../events/events.ts';

/** A JSON Schema (2020-12). */
export type Schema = Readonly<Record<string, unknown>>;

/** A string. Generators write the description into the comments of the client. */
export const text = (description: string, example?: string, rules: Schema = {}) => ({
  type: 'string',
  description,
  ...(example !== undefined && { examples: [example] }),
  ...rules,
});

export const textOrNull = (description: string, example: string) =>
  text(description, example, { type: ['string', 'null'] });

/** One of a few strings. */
export const choice = (description: string, values: readonly string[]) => ({
  type: 'string',
  description,
  enum: values,
});

export const flag = (description: string) => ({ type: 'boolean', description });

export const count = (description: string, example: number) => ({
  type: 'integer',
  description,
  examples: [example],
});

const time = (description: string, example: string) =>
  text(description, example, { format: 'date-time' });

/** One of the named schemas. */
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
export const refOrNull = (name: string) => ({ oneOf: [ref(name), { type: 'null' }] });
export const listOf = (items: Schema) => ({ type: 'array', items });

/** An object. A property whose name ends in `?` may be absent. */
export function object(shape: Record<string, Schema>) {
  const entries = Object.entries(shape);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, is]) => [name.replace('?', ''), is])),
    required: Object.keys(shape).filter((name) => !name.endsWith('?')),
  };
}

export const USER_ID = '0198c2f4-7d1e-7a35-9b0c-4f6d2a81e7c3';
export const SESSION_ID = 'mT3vQ8kXr1nB5yJc0LwZ7g';
export const EMAIL = 'ada@example.com';
const RESET_LINK =
  'https://auth.example.com/reset?token=0wR7kq1n5yJc0LwZ7gmT3vQ8kXr1nB5yJc0LwZ7gmT3';
const REQUEST_ID = '7f9c24e8-3b12-4c5a-9d7e-0a1b2c3d4e5f';
const ADDRESS = '203.0.113.7';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

export const kind = choice('What happened.', EVENT_KINDS);
const ip = textOrNull('The address of the client.', ADDRESS);
const userAgent = textOrNull('The browser or program, as it names itself.', BROWSER);

const user = {
  id: text('The id of the user.', USER_ID),
  email: textOrNull('The email address. A user has one, or a user name, or both.', EMAIL),
  username: textOrNull('The user name, in lower case.', 'ada'),
  name: textOrNull('The name to show.', 'Ada Lovelace'),
  roles: listOf(text('A role.', 'user')),
  emailVerified: flag('Whether the address was confirmed by a mailed link.'),
  createdAt: time('When the account was made.', '2026-01-15T09:30:00.000Z'),
};

/** The named objects that answers are made of. */
export const schemas: Record<string, Schema> = {
  User: object(user),
  ResetLink: object({
    url: text('The address of the page that sets a password.', RESET_LINK),
    expiresAt: time('When the link stops working.', '2026-11-21T19:00:00.000Z'),
  }),
  ManagedUser: object({ ...user, disabled: flag('Whether the user is kept from signing in.') }),
  Session: object({
    id: text('A public handle: it can end the session, it cannot sign in.', SESSION_ID),
    current: flag('Whether the request came with this session.'),
    createdAt: time('When the session began.', '2026-03-02T08:00:00.000Z'),
    lastSeenAt: time('The last activity, to within a few minutes.', '2026-03-02T08:40:00.000Z'),
    authenticatedAt: time('When the user last proved who they are.', '2026-03-02T08:00:00.000Z'),
    expiresAt: time('When the session ends without activity.', '2026-03-02T10:40:00.000Z'),
    absoluteExpiresAt: time('When the session ends in any case.', '2026-03-03T08:00:00.000Z'),
    methods: listOf(text('A method by which the user signed in.', 'password')),
    ip,
    userAgent,
  }),
  Device: object({
    id: text('A public handle: it can make the device forgotten, it is no cookie.', SESSION_ID),
    createdAt: time('When the user first signed in on it.', '2026-03-02T08:00:00.000Z'),
    lastUsedAt: time('The last sign-in, to within an hour.', '2026-03-02T08:00:00.000Z'),
    userAgent,
  }),
  CurrentSession: object({ user: refOrNull('User'), session: refOrNull('Session') }),
  Event: object({
    id: text('The id of the event. Ids sort by time.', '0198c2f4-9a02-7c11-8e5d-1b7f3c60d9a4'),
    kind,
    userId: textOrNull('Whose account; null for a name that no account has.', USER_ID),
    actorId: textOrNull('Who did it; null for somebody who was not signed in.', USER_ID),
    ip,
    userAgent,
    requestId: text('The `X-Request-Id` of the request.', REQUEST_ID),
    at: time('When it happened.', '2026-03-02T08:00:00.000Z'),
  }),
  Problem: {
    ...object({
      type: text(
        'The `code` tells problems apart, so this is always `about:blank`.',
        'about:blank',
      ),
      title: text('What the code means, in a few words.', 'Not signed in'),
      status: count('The HTTP status.', 401),
      code: text('What clients switch on. It stays the same.', 'not_signed_in'),
      detail: text('A sentence for people.', 'Sign in first.'),
      'errors?': listOf(ref('FieldError')),
      'errorCount?': count('How many errors there are, where that is more than are listed.', 1502),
      'retryAfter?': count('Whole seconds after which trying again can help.', 30),
      requestId: text('The `X-Request-Id` of the answer.', REQUEST_ID),
    }),
    description: 'Problem details (RFC 9457).',
  },
  FieldError: {
    ...object({
      path: text('The field; empty for the request as a whole.', 'password'),
      code: text('What is wrong. It stays the same.', 'too_short'),
      message: text('A sentence for people.', 'Use at least 12 characters.'),
      'min?': count('The least that the rule asks for.', 12),
      'max?': count('The most that the rule allows.', 256),
      'maxBytes?': count('The most bytes of session data.', 8192),
      'maxKeys?': count('The most keys of session data.', 50),
    }),
    description: 'What is wrong with one field.',
  },
};
