import type { Refusal } from '../errors.ts';
import type { ReasonTexts, RefusalTexts } from './texts.ts';

export const refusalsEn: RefusalTexts = {
  invalid_request: ['Invalid request', 'Something in the request is not right.'],
  invalid_token: ['Invalid link', 'This link does not work: it was used, or is too old.'],
  not_signed_in: ['Not signed in', 'Sign in first.'],
  invalid_credentials: ['Invalid credentials', 'That name and password do not match.'],
  forbidden: ['Forbidden', 'This account may not do that.'],
  cross_site_request: ['Cross-site request', 'Requests from other sites are refused.'],
  recent_login_required: ['Recent login required', 'Enter your password again first.'],
  registration_closed: ['Registration closed', 'Accounts are made by an administrator.'],
  not_found: ['Not found', 'There is nothing here.'],
  method_not_allowed: ['Method not allowed', 'This address does not take that method.'],
  email_taken: ['Email taken', 'An account with this email exists already.'],
  username_taken: ['User name taken', 'An account with this user name exists already.'],
  last_admin: ['Last admin', 'Somebody has to stay who can administer.'],
  conflict: ['Conflict', 'Somebody else changed this at the same time. Try again.'],
  body_too_large: ['Body too large', 'The body of a request may have 16 KiB.'],
  unsupported_media_type: ['Unsupported media type', 'Send application/json.'],
  rate_limited: ['Too many tries', 'Too many tries. Wait a while, then try again.'],
  overloaded: ['Overloaded', 'Too much is going on. Try again in a moment.'],
  unavailable: ['Unavailable', 'A part of the service does not answer. Try again soon.'],
  internal: ['Internal error', 'Something went wrong on our side.'],
};

/** A sentence more that names the setting, where a developer may read it. */
export const settingEn = ({ setting }: Refusal): string =>
  setting === undefined ? '' : ` ${setting} sets this limit.`;

export const reasonsEn: ReasonTexts = {
  untrusted_origin:
    'Requests from other sites are refused. A frontend has to be named in TRUSTED_ORIGINS.',
  no_mail: 'This service sends no mail: MAIL_URL is not set.',
  email_unconfirmed: 'The email address of this account is not confirmed.',
  user_disabled: 'This account is disabled. Enable it first.',
  sign_in_again:
    'There were too many wrong passwords in the sessions of this account. Sign in again, or reset the password.',
  other_user: 'Another user is signed in now. Nothing was changed.',
  wrong_password: 'That is not the password of this account.',
};
