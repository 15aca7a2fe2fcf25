import type { Refusal, RefusalCode } from '../errors.ts';

type Status = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 503;

/** The one table of refusals as HTTP answers. */
const ANSWERS: Record<RefusalCode, [Status, title: string, detail: string]> = {
  invalid_request: [400, 'Invalid request', 'Something in the request is not right.'],
  invalid_token: [400, 'Invalid link', 'This link does not work: it was used, or is too old.'],
  not_signed_in: [401, 'Not signed in', 'Sign in first.'],
  invalid_credentials: [401, 'Invalid credentials', 'That name and password do not match.'],
  forbidden: [403, 'Forbidden', 'This account may not do that.'],
  cross_site_request: [403, 'Cross-site request', 'Requests from other sites are refused.'],
  recent_login_required: [403, 'Recent login required', 'Enter your password again first.'],
  registration_closed: [403, 'Registration closed', 'Accounts are made by an administrator.'],
  not_found: [404, 'Not found', 'There is nothing here.'],
  method_not_allowed: [405, 'Method not allowed', 'This address does not take that method.'],
  email_taken: [409, 'Email taken', 'An account with this email exists already.'],
  username_taken: [409, 'User name taken', 'An account with this user name exists already.'],
  last_admin: [409, 'Last admin', 'Somebody has to stay who can administer.'],
  conflict: [409, 'Conflict', 'Somebody else changed this at the same time. Try again.'],
  body_too_large: [413, 'Body too large', 'The body of a request may have 16 KiB.'],
  unsupported_media_type: [415, 'Unsupported media type', 'Send application/json.'],
  rate_limited: [429, 'Too many tries', 'Too many tries. Wait a while, then try again.'],
  overloaded: [503, 'Overloaded', 'Too much is going on. Try again in a moment.'],
  unavailable: [503, 'Unavailable', 'A part of the service does not answer. Try again soon.'],
  internal: [500, 'Internal error', 'Something went wrong on our side.'],
};

export function statusOf(refusal: Refusal): Status {
  return ANSWERS[refusal.code][0];
}

/** One sentence for people. */
export function detailOf(refusal: Refusal): string {
  return refusal.detail ?? ANSWERS[refusal.code][2];
}

/** RFC 9457 problem details. */
export function problemDetails(refusal: Refusal, requestId: string) {
  const [status, title] = ANSWERS[refusal.code];
  return {
    type: 'about:blank',
    title,
    status,
    code: refusal.code,
    detail: detailOf(refusal),
    ...(refusal.errors ? { errors: refusal.errors } : {}),
    ...(refusal.retryAfter === undefined ? {} : { retryAfter: refusal.retryAfter }),
    requestId,
  };
}
