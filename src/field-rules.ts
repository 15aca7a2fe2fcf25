import type { FieldErrorCode, FieldParameters } from './errors.ts';

/**
 * Writes what a rule of an input schema says when it fails as one string, because a schema takes no
 * more. `readRule` reads it again.
 */
export function rule(code: FieldErrorCode, message: string, parameters: FieldParameters = {}) {
  return JSON.stringify({ code, message, parameters });
}

/** Returns null for a message that is not one of `rule`. */
export function readRule(
  text: string,
): { code: FieldErrorCode; message: string; parameters: FieldParameters } | null {
  return text.startsWith('{') ? JSON.parse(text) : null;
}
