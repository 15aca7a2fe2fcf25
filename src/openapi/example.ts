import { type Schema, schemas } from './schemas.ts';

/** A value as a schema describes it, made of the examples of its parts. */
export function exampleOf(schema: Schema): unknown {
  const { $ref, examples, type, enum: values, oneOf, items, properties } = schema;
  if (typeof $ref === 'string') return exampleOf(schemas[$ref.replace(/.*\//, '')] ?? {});
  if (Array.isArray(examples)) return examples[0];
  if ('const' in schema) return schema.const;
  if (Array.isArray(values)) return values[0];
  if (Array.isArray(oneOf)) return exampleOf(oneOf[0]);
  if (items) return [exampleOf(items as Schema)];
  if (type === 'boolean') return true;
  return objectOf(properties as Record<string, Schema> | undefined, schema.required as string[]);
}

/** What may be absent is left out. An object of nothing but such fields shows the first one. */
function objectOf(properties: Record<string, Schema> = {}, required: readonly string[] = []) {
  const names = Object.keys(properties);
  const shown =
    required.length > 0 ? names.filter((name) => required.includes(name)) : names.slice(0, 1);
  return Object.fromEntries(shown.map((name) => [name, exampleOf(properties[name] ?? {})]));
}
