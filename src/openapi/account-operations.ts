import {
  NewEmail,
  NewPassword,
  Profile,
  Proof,
  ResetByLink,
  VerifyLink,
} from '../accounts/input.ts';
import { bodySchema } from './body-schema.ts';
import {
  answer,
  NOTHING,
  next,
  type Operations,
  PROOF,
  pageQuery,
  RENEWED,
  SETS_COOKIE,
} from './operation.ts';
import { listOf, object, ref } from './schemas.ts';

export const accountOperations: Operations = {
  'PATCH /auth/user': {
    id: 'updateProfile',
    summary: 'Change the profile',
    description: 'Changes the name to show or the user name. Absent fields stay as they are.',
    body: bodySchema(Profile),
    answers: { 200: answer('The user after the change.', object({ user: ref('User') })) },
    codes: ['username_taken', 'conflict'],
  },
  'DELETE /auth/user': {
    id: 'deleteAccount',
    summary: 'Delete the account',
    description: 'Deletes the account with its sessions and mailed links, and clears the cookie.',
    body: bodySchema(Proof),
    answers: { 204: answer('The account is deleted.') },
    headers: SETS_COOKIE,
    codes: [...PROOF, 'conflict', 'last_admin'],
  },
  'POST /auth/password': {
    id: 'changePassword',
    summary: 'Change the password',
    description:
      'Sets a new password, ends all other sessions, and forgets all other known devices. This session gets a new token.',
    body: bodySchema(NewPassword),
    answers: {
      200: answer('Changed. The body has the new token of a bearer request.', RENEWED),
      204: answer('Changed. The cookie has the new token.'),
    },
    headers: SETS_COOKIE,
    codes: [...PROOF, 'conflict'],
  },
  'POST /auth/email': {
    id: 'changeEmail',
    summary: 'Change the email address',
    description: 'Mails a link to the new address, and a notice to the old one.',
    body: bodySchema(NewEmail),
    answers: { 202: answer('The mail is on its way.', NOTHING) },
    codes: ['recent_login_required', 'rate_limited'],
  },
  'POST /auth/email/verification': {
    id: 'requestEmailVerification',
    summary: 'Mail a link that confirms the address',
    description: 'Mails a link to the present address.',
    answers: { 202: answer('The mail is on its way.', NOTHING) },
    codes: ['rate_limited'],
  },
  'GET /auth/events': {
    id: 'listOwnEvents',
    summary: 'List the security events of the account',
    description: 'Lists the events of the account that is signed in, newest first.',
    query: pageQuery(100),
    answers: { 200: answer('A page of events.', object({ events: listOf(ref('Event')), next })) },
    codes: ['invalid_request'],
  },
};

/** What mailed links lead to. */
export const linkOperations: Operations = {
  'POST /auth/password/forgot': {
    id: 'requestPasswordReset',
    summary: 'Mail a link that sets a new password',
    description: 'The answer is the same whether or not an account has the address.',
    body: bodySchema(NewEmail),
    answers: { 202: answer('If an account has the address, the mail is on its way.', NOTHING) },
    codes: ['rate_limited'],
  },
  'POST /auth/password/reset': {
    id: 'resetPassword',
    summary: 'Set a password by a mailed link',
    description:
      'Sets the password, ends all sessions, and forgets all known devices but this one. It does not sign in.',
    body: bodySchema(ResetByLink),
    answers: { 204: answer('The password is set. The cookie names a known device.') },
    headers: SETS_COOKIE,
    codes: ['invalid_token', 'rate_limited', 'overloaded'],
  },
  'POST /auth/email/verify': {
    id: 'verifyEmail',
    summary: 'Confirm an address by a mailed link',
    description:
      'Confirms the address of the account, or completes its change. A change takes a session of the user or the password; without them the link stays good.',
    body: bodySchema(VerifyLink),
    answers: { 204: answer('The address is confirmed or changed.') },
    codes: ['invalid_token', 'not_signed_in', ...PROOF],
  },
};
