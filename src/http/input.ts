import type { MiddlewareHandler } from 'hono';
import * as v from 'valibot';
import { type FieldError, invalidField, invalidFields, type Refusal, refusal } from '../errors.ts';
import { readRule } from '../field-rules.ts';
import { formFields, jsonFields, readBody } from './body.ts';
import type { AppContext, AppEnv } from './env.ts';
import { FORM_KEY, type FormPageOf, SIGNED_IN_AS } from './form.ts';
import { FORM_TYPE, JSON_TYPE, mediaType } from './media-type.ts';
import { refuseOtherUser } from './other-user.ts';
import { refuse } from './refusal.tsx';

type Schema = v.GenericSchema & { entries: v.ObjectEntries };

export interface FormOptions {
  /** Shown again when the form is refused. */
  page: FormPageOf;
  /** The route is for HTML forms alone. */
  only?: boolean;
  /** Takes the form-only field `returnTo`. */
  returnTo?: boolean;
  /** Turns what a form can send (text) into what the schema asks for. */
  prepare?: (fields: Record<string, string>) => Record<string, unknown>;
}

export interface InputOptions<S extends Schema> {
  schema: S;
  /** Absent: the route does not take HTML forms. */
  form?: FormOptions;
  /**
   * Checks of the domain, for a body that the schema refuses: they look at the fields that are valid
   * by themselves, so that people learn of everything that is wrong in one round.
   */
  also?: (valid: Partial<v.InferOutput<S>>, c: AppContext) => Promise<readonly FieldError[]>;
}

const MOST_UNKNOWN = 10;

/** For typed clients, who send nothing where nothing is taken. */
type BodyOf<S extends Schema> = keyof S['entries'] extends never
  ? object
  : { json: v.InferInput<S> };

/**
 * Reads and checks a body, strictly: content type, UTF-8, JSON, unknown keys, every field. What
 * passed is `c.req.valid('json')`, whether it came as JSON or from a form.
 */
export function input<S extends Schema>({
  schema,
  form,
  also,
}: InputOptions<S>): MiddlewareHandler<
  AppEnv,
  string,
  { in: BodyOf<S>; out: { json: v.InferOutput<S> } }
> {
  return async function input(c, next) {
    const read = await readFields(c, form);
    if (!read.ok) return refuse(c, read);
    const { signedInAs } = read;
    const other = signedInAs === undefined ? null : await c.get('otherUserThan')?.(signedInAs);
    if (other) return refuseOtherUser(c, other);
    const { fields } = read;
    const unknown = Object.keys(fields).filter((key) => !Object.hasOwn(schema.entries, key));
    const checked = v.safeParse(schema, fields);
    if (unknown.length > 0 || !checked.success) {
      const errors = oneForEachField((checked.issues ?? []).map(fieldError));
      const found = also ? await also(validFields(schema, fields), c) : [];
      const known = oneForEachField([...errors, ...found]);
      // Of thousands of unknown keys only as many are looked at as can be listed.
      const all = [...known, ...unknown.slice(0, MOST_UNKNOWN).map(unknownKey)];
      return refuse(c, invalidFields(all, known.length + unknown.length));
    }
    c.req.addValidatedData('json', checked.output as object);
    await next();
  };
}

interface Fields {
  ok: true;
  fields: Record<string, unknown>;
  /** The id of the user whom a form was drawn for. */
  signedInAs?: string | undefined;
}

async function readFields(c: AppContext, form: FormOptions | undefined): Promise<Fields | Refusal> {
  const body = await readBody(c);
  if (!body.ok) return body;
  const { bytes } = body;
  const type = mediaType(c);
  if (bytes.byteLength === 0 && type !== FORM_TYPE) return { ok: true, fields: {} };
  if (type === JSON_TYPE && !form?.only) return jsonFields(bytes);
  if (type !== FORM_TYPE || !form) return refusal('unsupported_media_type');

  const page = typeof form.page === 'function' ? form.page(c) : form.page;
  c.set('form', { page, values: {}, key: null, returnTo: undefined });
  const sent = formFields(bytes);
  if (!sent.ok) return sent;
  const { [SIGNED_IN_AS]: signedInAs, [FORM_KEY]: key = null, ...typed } = sent.fields;
  const { returnTo, ...others } = typed;
  const fields = form.returnTo ? others : typed;
  const shown = Object.entries(typed).filter(([name]) => !/password/i.test(name));
  const values = Object.fromEntries(shown);
  c.set('form', { page, values, key, returnTo: form.returnTo ? returnTo : undefined });
  return { ok: true, fields: form.prepare ? form.prepare(fields) : fields, signedInAs };
}

/**
 * Reads a body that may be any JSON object, with its types. What came is `c.req.valid('json')`.
 */
export function jsonObject(
  types: readonly string[],
): MiddlewareHandler<
  AppEnv,
  string,
  { in: { json: Record<string, unknown> }; out: { json: Record<string, unknown> } }
> {
  return async function jsonObject(c, next) {
    const type = mediaType(c);
    const body = await readBody(c);
    if (!body.ok) return refuse(c, body);
    const { bytes } = body;
    if (type === null || !types.includes(type)) {
      const none = bytes.byteLength === 0 && type === null;
      return refuse(c, none ? jsonRequired() : refusal('unsupported_media_type'));
    }
    const read = jsonFields(bytes);
    if (!read.ok) return refuse(c, read);
    c.req.addValidatedData('json', read.fields);
    await next();
  };
}

const jsonRequired = () => invalidField('', 'required', 'Send a JSON object.');

/** The fields that are valid, whatever is wrong with the others. */
function validFields<S extends Schema>(
  schema: S,
  fields: Record<string, unknown>,
): Partial<v.InferOutput<S>> {
  const parsed = Object.entries(schema.entries).map(
    ([name, entry]) => [name, v.safeParse(entry as v.GenericSchema, fields[name])] as const,
  );
  const valid = parsed.filter(([, { success }]) => success);
  return Object.fromEntries(valid.map(([name, { output }]) => [name, output])) as never;
}

/** What is wrong with a field first is what people are told of it. */
function oneForEachField(errors: readonly FieldError[]): FieldError[] {
  const byPath = new Map<string, FieldError>();
  for (const error of errors) if (!byPath.has(error.path)) byPath.set(error.path, error);
  return [...byPath.values()];
}

const unknownKey = (path: string): FieldError => ({
  path,
  code: 'unknown_key',
  message: 'This field is not known here.',
});

/** A rule of this project says its code and its message; those of valibot are generic. */
function fieldError(issue: v.BaseIssue<unknown>): FieldError {
  const path = v.getDotPath(issue) ?? '';
  const found = readRule(issue.message);
  if (found) return { path, code: found.code, message: found.message, ...found.parameters };
  return issue.received === 'undefined'
    ? { path, code: 'required', message: 'This field is required.' }
    : { path, code: 'invalid_type', message: 'This field has the wrong type.' };
}
