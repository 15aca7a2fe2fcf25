import type * as v from 'valibot';
import { canonicalEmail } from '../users/email.ts';
import type { Schema } from './schemas.ts';

/** As much of a valibot schema as is read here. */
interface Part {
  type: string;
  entries?: Record<string, Part>;
  wrapped?: Part;
  default?: unknown;
  item?: Part;
  pipe?: readonly Part[];
  requirement?: unknown;
  operation?: unknown;
}

/** The JSON Schema of a body, made from what checks it, so that the two can't part ways. */
export function bodySchema(schema: v.GenericSchema & { entries: v.ObjectEntries }): BodySchema {
  const { entries } = schema as unknown as { entries: Record<string, Part> };
  const required = Object.keys(entries).filter((name) => entries[name]?.type !== 'optional');
  const properties = Object.entries(entries).map(([name, part]) => [name, valueSchema(part)]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required,
    additionalProperties: false,
  };
}

export interface BodySchema extends Schema {
  type: 'object';
  properties: Record<string, Schema>;
  required: string[];
}

function valueSchema({ type, wrapped, item, pipe = [], default: preset }: Part): Schema {
  if (wrapped) {
    const inner = valueSchema(wrapped);
    if (type === 'nullable') return { ...inner, type: [inner.type, 'null'] };
    return preset === undefined ? inner : { ...inner, default: preset };
  }
  const rules = pipe.map((part) => ruleOf(part, item ? 'maxItems' : 'maxLength'));
  return Object.assign({ type }, item && { items: valueSchema(item) }, ...rules);
}

function ruleOf({ type, requirement, operation }: Part, limit: string): Schema {
  if (requirement instanceof RegExp) return { pattern: requirement.source };
  if (type === 'max_length') return { [limit]: requirement };
  return operation === canonicalEmail ? { format: 'email' } : {};
}
