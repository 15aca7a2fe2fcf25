import { NewEmail, NewPassword, Profile, Proof, ResetByLink, UsedLink } from '../accounts/input.ts';
import { bodySchema } from './body-schema.ts';
import { NOTHING, type Operations, PROOF, RENEWED, SETS_COOKIE } from './operation.ts';
import { listOf, object, ref } from './schemas.ts';

const email = bodySchema(NewEmail);
const link = bodySchema(UsedLink);
const reset = bodySchema(ResetByLink);

export const accountOperations: Operations = {
  'PATCH /auth/user': {
    summary: 'Change the profile',
    body: bodySchema(Profile),
    answers: { 200: object({ user: ref('User') }) },
    codes: ['username_taken', 'conflict'],
  },
  'DELETE /auth/user': {
    summary: 'Delete the account and its sessions',
    body: bodySchema(Proof),
    answers: { 204: null },
    headers: SETS_COOKIE,
    codes: [...PROOF, 'conflict', 'last_admin'],
  },
  'POST /auth/password': {
    summary: 'Change the password, and end all other sessions',
    body: bodySchema(NewPassword),
    answers: { 204: null, 200: RENEWED },
    headers: SETS_COOKIE,
    codes: [...PROOF, 'conflict'],
  },
  'POST /auth/email': {
    summary: 'Change the address: mails a link to the new one',
    body: email,
    answers: { 202: NOTHING },
    codes: ['recent_login_required', 'rate_limited'],
  },
  'POST /auth/email/verification': {
    summary: 'Mail a link that confirms the address',
    answers: { 202: NOTHING },
    codes: ['rate_limited'],
  },
  'GET /auth/events': {
    summary: 'The latest 100 security events of the account',
    answers: { 200: object({ events: listOf('Event') }) },
  },
};

/** What mailed links lead to. */
export const linkOperations: Operations = {
  'POST /auth/password/forgot': {
    summary: 'Mail a link that sets a new password',
    body: email,
    form: email,
    answers: { 202: NOTHING },
    codes: ['rate_limited'],
  },
  'POST /auth/password/reset': {
    summary: 'Set a password by a mailed link, and end all sessions',
    body: reset,
    form: reset,
    answers: { 204: null },
    codes: ['invalid_token', 'rate_limited', 'overloaded'],
  },
  'POST /auth/email/verify': {
    summary: 'Confirm or change an address by a mailed link',
    body: link,
    form: link,
    answers: { 204: null },
    codes: ['invalid_token', 'rate_limited'],
  },
};
