import { invalidField, type Refusal } from '../errors.ts';
import { mergePatch } from './merge-patch.ts';
import type { Values } from './record.ts';

/** What a frontend may keep in a session. */
export const MAX_DATA_BYTES = 8 * 1024;
export const MAX_DATA_KEYS = 50;
const MAX_DEPTH = 32;

/** Session data that the server's own pages keep. */
export const RESERVED = 'gatehouse:';

/** null: the patch can be applied, as far as it alone tells. */
export function checkPatch(patch: Values): Refusal | null {
  if (Object.keys(patch).some((key) => key.startsWith(RESERVED))) {
    return invalidField('data', 'reserved', `Keys that start with ${RESERVED} are our own.`);
  }
  if (!isPlain(patch, MAX_DEPTH)) {
    const message = `Nest at most ${MAX_DEPTH} levels, name no key __proto__, send no huge numbers.`;
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
  invalidField('data', 'too_large', `Keep at most ${MAX_DATA_KEYS} keys and 8 KiB of JSON.`, {
    maxBytes: MAX_DATA_BYTES,
    maxKeys: MAX_DATA_KEYS,
  });

/** Deep nesting would exhaust the stack of whoever reads it later. */
function isPlain(value: unknown, depth: number): boolean {
  // Larger than a number can be, it would be stored as null.
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  return Object.entries(value).every(
    ([key, inner]) => key !== '__proto__' && isPlain(inner, depth - 1),
  );
}
