import { EVENT_KINDS } from '../events/events.ts';

/** A JSON Schema (2020-12). */
export type Schema = Readonly<Record<string, unknown>>;

export const text = { type: 'string' };
export const whole = { type: 'integer' };
export const nothing = { type: 'null' };
export const kind = { ...text, enum: EVENT_KINDS };
const flag = { type: 'boolean' };
const time = { ...text, format: 'date-time' };
const texts = { type: 'array', items: text };

export const orNull = ({ type }: { type: string }) => ({ type: [type, 'null'] });
const textOrNull = orNull(text);

/** One of our own schemas by its name. */
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
export const listOf = (name: string) => ({ type: 'array', items: ref(name) });

/** An object whose properties are there, but for those that end in `?`. */
export function object(shape: Record<string, Schema>) {
  const entries = Object.entries(shape);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, is]) => [name.replace('?', ''), is])),
    required: Object.keys(shape).filter((name) => !name.endsWith('?')),
  };
}

const user = {
  id: text,
  email: textOrNull,
  username: textOrNull,
  name: textOrNull,
  roles: texts,
  emailVerified: flag,
  createdAt: time,
};

/** What answers are made of. */
export const schemas = {
  User: object(user),
  ManagedUser: object({ ...user, disabled: flag }),
  Session: object({
    id: text,
    current: flag,
    createdAt: time,
    lastSeenAt: time,
    authenticatedAt: time,
    expiresAt: time,
    absoluteExpiresAt: time,
    methods: texts,
    ip: textOrNull,
    userAgent: textOrNull,
  }),
  Event: object({
    id: text,
    kind,
    userId: textOrNull,
    actorId: textOrNull,
    ip: textOrNull,
    userAgent: textOrNull,
    requestId: text,
    at: time,
  }),
  /** RFC 9457. */
  Problem: object({
    type: text,
    title: text,
    status: whole,
    code: text,
    detail: text,
    'errors?': { type: 'array', items: object({ path: text, code: text, message: text }) },
    'retryAfter?': whole,
    requestId: text,
  }),
};
