import { invalidField, type Refusal } from '../errors.ts';
import { mergePatch } from './merge-patch.ts';
import type { Values } from './record.ts';

/** What a frontend may keep in a session. */
export const MAX_DATA_BYTES = 8 * 1024;
export const MAX_DATA_KEYS = 50;
const MAX_DEPTH = 32;

/** null: the patch can be applied, as far as it alone tells. */
export function checkPatch(patch: Values): Refusal | null {
  if (!isPlain(patch, MAX_DEPTH)) {
    const message = `Nest at most ${MAX_DEPTH} levels, and name no key __proto__.`;
    return invalidField('data', 'invalid_data', message);
  }
  return null;
}

/** The values after a patch. null: they would be too large. */
export function patched(values: Values, patch: Values): Values | null {
  const after = mergePatch(values, patch) as Values;
  const bytes = Buffer.byteLength(JSON.stringify(after));
  return bytes > MAX_DATA_BYTES || Object.keys(after).length > MAX_DATA_KEYS ? null : after;
}

export const tooLarge = (): Refusal =>
  invalidField('data', 'too_large', `Keep at most ${MAX_DATA_KEYS} keys and 8 KiB of JSON.`);

/** Deep nesting would exhaust the stack of whoever reads it later. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  return Object.entries(value).every(
    ([key, inner]) => key !== '__proto__' && isPlain(inner, depth - 1),
  );
}
