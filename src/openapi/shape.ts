import type { Schema } from './schemas.ts';

/** A schema as people write types: `{ email?: string, password: string }`. */
export function shapeOf(schema: Schema): string {
  const { $ref, type, enum: values, items, oneOf, properties, required } = schema;
  if (typeof $ref === 'string') return $ref.replace(/.*\//, '');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (properties) return fieldsOf(properties as Record<string, Schema>, required as string[]);
  if (Array.isArray(oneOf)) return alternatives(oneOf);
  if (items) return `${shapeOf(items as Schema)}[]`;
  return Array.isArray(type) ? type.join(' | ') : String(type);
}

/** Whole objects stand on a line each. */
function alternatives(schemas: readonly Schema[]): string {
  const objects = schemas.every(({ properties }) => properties);
  return schemas.map(shapeOf).join(objects ? '\n| ' : ' | ');
}

function fieldsOf(properties: Record<string, Schema>, required: readonly string[]): string {
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${name}${required.includes(name) ? '' : '?'}: ${shapeOf(schema)}`,
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
