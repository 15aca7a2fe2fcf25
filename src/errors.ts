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

/** What is wrong with one field. An empty `path` means the request as a whole. */
export interface FieldError {
  path: string;
  code: string;
  message: string;
}

export interface Refusal {
  ok: false;
  code: RefusalCode;
  /** For people; the code's own sentence when absent. */
  detail?: string;
  errors?: FieldError[];
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
export function invalidField(path: string, code: string, message: string): Refusal {
  return refusal('invalid_request', { errors: [{ path, code, message }] });
}

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
