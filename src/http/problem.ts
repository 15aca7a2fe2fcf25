import type { FieldError, Refusal, RefusalCode } from '../errors.ts';
import type { Texts } from '../texts/texts.ts';

export type Status = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 503;

/** The one table of refusals as HTTP answers. */
const STATUS: Record<RefusalCode, Status> = {
  invalid_request: 400,
  invalid_token: 400,
  not_signed_in: 401,
  invalid_credentials: 401,
  forbidden: 403,
  cross_site_request: 403,
  recent_login_required: 403,
  registration_closed: 403,
  not_found: 404,
  method_not_allowed: 405,
  email_taken: 409,
  username_taken: 409,
  last_admin: 409,
  conflict: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  overloaded: 503,
  unavailable: 503,
  internal: 500,
};

export function statusOf(refusal: Refusal): Status {
  return STATUS[refusal.code];
}

/** RFC 9457 problem details. */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: Status;
  code: RefusalCode;
  detail: string;
  errors?: FieldError[];
  /** How many errors there are, where that is more than are listed. */
  errorCount?: number;
  /** Whole seconds until trying again can help. */
  retryAfter?: number;
  requestId: string;
}

/** `t`: the words of whoever asks. Codes, paths and numbers are the same in every language. */
export function problemDetails(refusal: Refusal, requestId: string, t: Texts): Problem {
  const errors = refusal.errors?.map((error) => ({ ...error, message: t.fieldError(error) }));
  return {
    type: 'about:blank',
    title: t.refusalTitle(refusal),
    status: statusOf(refusal),
    code: refusal.code,
    detail: t.refused(refusal),
    ...(errors ? { errors } : {}),
    ...(refusal.errorCount === undefined ? {} : { errorCount: refusal.errorCount }),
    ...(refusal.retryAfter === undefined ? {} : { retryAfter: refusal.retryAfter }),
    requestId,
  };
}
