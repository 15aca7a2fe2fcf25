import type { FieldError, Refusal, RefusalCode } from '../errors.ts';
import { refusalsEn, settingEn } from '../texts/refusals-en.ts';

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
  /** Whole seconds until trying again can help. */
  retryAfter?: number;
  requestId: string;
}

/** They speak English to everybody. */
export function problemDetails(refusal: Refusal, requestId: string): Problem {
  const [title, detail] = refusalsEn[refusal.code];
  return {
    type: 'about:blank',
    title,
    status: statusOf(refusal),
    code: refusal.code,
    detail: (refusal.detail ?? detail) + settingEn(refusal),
    ...(refusal.errors ? { errors: refusal.errors } : {}),
    ...(refusal.retryAfter === undefined ? {} : { retryAfter: refusal.retryAfter }),
    requestId,
  };
}
