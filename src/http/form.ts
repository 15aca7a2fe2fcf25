import type { HtmlEscapedString } from 'hono/utils/html';
import type { Refusal } from '../errors.ts';
import type { Texts } from '../texts/texts.ts';
import type { AppContext } from './env.ts';

/** What a page with a form is drawn from: what was typed, and why it was refused. */
export interface FormState {
  /** The words of the page, in the language of whoever asks. */
  t: Texts;
  /** Never holds a password. */
  values: Record<string, string>;
  refusal: Refusal | null;
  /** What just went well, to be said above the form. */
  done?: string | undefined;
}

export interface FormPage {
  title(t: Texts): string;
  body(state: FormState): HtmlEscapedString | Promise<HtmlEscapedString>;
  /** More than one column of fields stands on it. */
  wide?: boolean;
}

/** Form-only field with the id of the user whom a form was drawn for. */
export const SIGNED_IN_AS = 'signedInAs';

/**
 * Form-only field with a random value that each drawn form has of its own, so that the same form is
 * known when a double click sends it twice.
 */
export const FORM_KEY = 'formKey';

/** A form that nobody has filled in yet. */
export const freshForm = (t: Texts, values: Record<string, string> = {}): FormState => ({
  t,
  values,
  refusal: null,
});

/** The page of a form, when it depends on who asks. */
export type FormPageOf = FormPage | ((c: AppContext) => FormPage);

/** A form as it came in: the page it belongs to, and what is to be shown again. */
export interface SubmittedForm {
  page: FormPage;
  values: Record<string, string>;
  /** What `FORM_KEY` carried. null: the form has none. */
  key: string | null;
  /** Where the person wanted to go, as sent: not checked yet. */
  returnTo: string | undefined;
}

/** What the form that was sent carried as `FORM_KEY`. null: it has none, or is no form. */
export const formKeyOf = (c: Pick<AppContext, 'get'>): string | null => c.get('form')?.key ?? null;

/**
 * `application/x-www-form-urlencoded`, decoded strictly. null: not valid UTF-8, or a field given
 * twice, which could mean two things to two readers.
 */
export function parseForm(text: string): Record<string, string> | null {
  const fields: Record<string, string> = Object.create(null);
  try {
    for (const pair of text.split('&').filter((part) => part !== '')) {
      const at = pair.indexOf('=');
      const name = decode(at < 0 ? pair : pair.slice(0, at));
      if (name in fields) return null;
      fields[name] = at < 0 ? '' : decode(pair.slice(at + 1));
    }
    return fields;
  } catch {
    return null;
  }
}

const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
