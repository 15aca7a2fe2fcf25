import type * as v from 'valibot';
import { canonicalEmail } from '../users/email.ts';
import { bodyFields } from './body-fields.ts';
import type { Schema } from './schemas.ts';

/** As much of a valibot schema as is read here. */
interface Part {
  kind?: string;
  type: string;
  entries?: Record<string, Part>;
  wrapped?: Part;
  item?: Part;
  pipe?: readonly Part[];
  requirement?: unknown;
  operation?: unknown;
}

export interface BodySchema extends Schema {
  type: 'object';
  properties: Record<string, Schema>;
  required: string[];
}

/**
 * The JSON Schema of a body, made from what checks it, so that the two can't part ways. Defaults
 * are left out: generators take a field that has one for a field that is always there.
 */
export function bodySchema(schema: v.GenericSchema & { entries: v.ObjectEntries }): BodySchema {
  const { entries } = schema as unknown as { entries: Record<string, Part> };
  const required = Object.keys(entries).filter((name) => entries[name]?.type !== 'optional');
  const properties = Object.entries(entries).map(([name, part]) => [
    name,
    { ...valueSchema(part), ...bodyFields[name] },
  ]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required,
    additionalProperties: false,
  };
}

/** A body that names somebody by an email address, a user name, or both. */
export const namedByEither = (schema: BodySchema) => ({
  oneOf: [withRequired(schema, 'email'), withoutEmail(schema)],
});

/** A body that names somebody by an email address or a user name, never by both. */
export const namedByOne = (schema: BodySchema) => ({
  oneOf: [without(withRequired(schema, 'email'), 'username'), withoutEmail(schema)],
});

const withoutEmail = (schema: BodySchema) => without(withRequired(schema, 'username'), 'email');

const withRequired = (schema: BodySchema, name: string): BodySchema => ({
  ...schema,
  required: [name, ...schema.required],
});

function without(schema: BodySchema, name: string): BodySchema {
  const { [name]: _, ...properties } = schema.properties;
  return { ...schema, properties };
}

function valueSchema({ type, wrapped, item, pipe = [] }: Part): Schema {
  if (wrapped) {
    const inner = valueSchema(wrapped);
    return type === 'nullable' ? { ...inner, type: [inner.type, 'null'] } : inner;
  }
  const rules = pipe.map((part) => ruleOf(part, item ? 'maxItems' : 'maxLength'));
  return Object.assign({ type }, item && { items: valueSchema(item) }, ...rules);
}

function ruleOf(part: Part, limit: string): Schema {
  const { kind, type, requirement, operation } = part;
  // A schema within a pipe has rules of its own.
  if (kind === 'schema' && part.pipe) return valueSchema(part);
  if (requirement instanceof RegExp) return patternOf(requirement);
  if (type === 'max_length') return { [limit]: requirement };
  return operation === canonicalEmail ? { format: 'email' } : {};
}

/** Generators and validators read a pattern without the flag `u`, and `\p{…}` as something else. */
const patternOf = ({ source }: RegExp): Schema =>
  source.includes('\\p{') ? {} : { pattern: source };
