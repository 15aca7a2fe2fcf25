import { invalidField, type Refusal, refusal } from '../errors.ts';
import type { AppContext } from './env.ts';
import { parseForm } from './form.ts';

/** What a body may have. */
export const MAX_BODY_BYTES = 16 * 1024;

/** The client broke off while it sent the body, and will hardly read this. */
export const brokeOff = () => invalidField('', 'incomplete', 'The body broke off.');

/**
 * A body as it came. Its size is counted, because a `Content-Length` may say anything; a client that
 * broke off gets an answer that it will not read.
 */
export async function readBody(c: AppContext): Promise<{ ok: true; bytes: ArrayBuffer } | Refusal> {
  try {
    const bytes = await c.req.arrayBuffer();
    return bytes.byteLength > MAX_BODY_BYTES ? refusal('body_too_large') : { ok: true, bytes };
  } catch {
    return brokeOff();
  }
}

type Read<T> = { ok: true; fields: T } | Refusal;

/** A JSON object in UTF-8, as RFC 8259 wants it. */
export function jsonFields(bytes: ArrayBuffer): Read<Record<string, unknown>> {
  const invalid = invalidField('', 'invalid_json', 'The body is not a JSON object in UTF-8.');
  const text = decodeUtf8(bytes);
  try {
    const fields = text === null ? null : JSON.parse(text);
    const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
    return isObject ? { ok: true, fields } : invalid;
  } catch {
    return invalid;
  }
}

/** The fields of an HTML form; those left empty are fields not given. */
export function formFields(bytes: ArrayBuffer): Read<Record<string, string>> {
  const text = decodeUtf8(bytes);
  const sent = text === null ? null : parseForm(text);
  if (sent === null) return invalidField('', 'invalid_form', 'The form can not be read.');
  const given = Object.entries(sent).filter(([, value]) => value !== '');
  return { ok: true, fields: Object.fromEntries(given) };
}

/** null: not UTF-8. A decoder that replaces what it can't read would let two inputs be one. */
function decodeUtf8(bytes: ArrayBuffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
