/**
 * Expected outcomes are values (`Refusal`), what nobody can answer is thrown (`Fault`).
 * Every code is stable: clients switch on it.
 */
export type RefusalCode =
  | 'invalid_request'
  | 'invalid_token'
  | 'not_signed_in'
  | 'invalid_credentials'
  | 'forbidden'
  | 'cross_site_request'
  | 'recent_login_required'
  | 'registration_closed'
  | 'not_found'
  | 'method_not_allowed'
  | 'email_taken'
  | 'username_taken'
  | 'last_admin'
  | 'conflict'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'overloaded'
  | 'unavailable'
  | 'internal';

/** What can be wrong with a field. */
export type FieldErrorCode =
  | 'required'
  | 'unknown_key'
  | 'unknown_parameter'
  | 'repeated'
  | 'invalid_type'
  | 'incomplete'
  | 'invalid'
  | 'invalid_json'
  | 'invalid_form'
  | 'invalid_text'
  | 'invalid_email'
  | 'invalid_username'
  | 'invalid_name'
  | 'invalid_role'
  | 'invalid_data'
  | 'reserved'
  | 'too_short'
  | 'too_long'
  | 'too_large'
  | 'contains_context'
  | 'too_common'
  | 'breached'
  | 'email_taken'
  | 'username_taken'
  | 'email_unconfirmed';

/** The numbers of a rule, so that a client can say it in words of its own. */
export interface FieldParameters {
  min?: number;
  max?: number;
  maxBytes?: number;
  maxKeys?: number;
}

/** What is wrong with one field. An empty `path` means the request as a whole. */
export interface FieldError extends FieldParameters {
  path: string;
  code: FieldErrorCode;
  /** In English. */
  message: string;
}

/** Why exactly, where the code leaves that open. */
export type RefusalReason =
  | 'untrusted_origin'
  | 'no_mail'
  | 'wrong_password'
  | 'email_unconfirmed'
  | 'user_disabled'
  | 'other_user'
  | 'sign_in_again';

export interface Refusal {
  ok: false;
  code: RefusalCode;
  /** Known sentences that say more than that of the code, in every language. */
  reason?: RefusalReason;
  /** A sentence in no language of its own, such as a list of names; shown as it is. */
  detail?: string;
  errors?: FieldError[];
  /** How many errors there are, where that is more than are listed. */
  errorCount?: number;
  /** Whole seconds until trying again can help. */
  retryAfter?: number;
  /** The setting that decided it, for a developer; it stands in the sentence for people. */
  setting?: string;
}

export type Result<T extends object> = ({ ok: true } & T) | Refusal;

export function refusal(code: RefusalCode, more: Omit<Refusal, 'ok' | 'code'> = {}): Refusal {
  return { ok: false, code, ...more };
}

/** The refusal of one field. */
export function invalidField(
  path: string,
  code: FieldErrorCode,
  message: string,
  parameters: FieldParameters = {},
): Refusal {
  return invalidFields([{ path, code, message, ...parameters }]);
}

/** More errors than this help nobody, and would make a long answer of a short request. */
const MOST_ERRORS = 10;

/** The refusal of some fields: lists the first ten errors, and says how many there are. */
export function invalidFields(errors: readonly FieldError[], count = errors.length): Refusal {
  const listed = errors.slice(0, MOST_ERRORS);
  const more = count > listed.length ? { errorCount: count } : {};
  return refusal('invalid_request', { errors: listed, ...more });
}

/** The refusal of names that other users have. The first one gives its code. */
export function takenNames(names: readonly ('email' | 'username')[]): Refusal {
  const errors = names.map(takenName);
  return refusal(names[0] === 'username' ? 'username_taken' : 'email_taken', { errors });
}

export const takenName = (path: 'email' | 'username'): FieldError =>
  path === 'email'
    ? { path, code: 'email_taken', message: 'An account with this email exists already.' }
    : { path, code: 'username_taken', message: 'An account with this user name exists already.' };

export type Part = 'redis' | 'database' | 'mail';

/**
 * A part that does not answer, answers too late or answers nonsense. The request ends in 503 and
 * the cookie is left alone: a fault is never a logout. The message never carries a command, a
 * parameter or a token, because drivers put all of them into theirs.
 */
export class Fault extends Error {
  constructor(
    readonly part: Part,
    reason: string,
  ) {
    super(`${part}: ${reason}`);
    this.name = 'Fault';
  }
}
