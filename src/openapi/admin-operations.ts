import { Administered, Invited } from '../accounts/input.ts';
import { bodySchema, namedByEither } from './body-schema.ts';
import { answer, next, type Operations, pageQuery } from './operation.ts';
import { kind, listOf, object, ref, text, USER_ID } from './schemas.ts';
import { REVOKED } from './session-operations.ts';

const user = object({ user: ref('ManagedUser') });
const page = pageQuery(50);

export const adminOperations: Operations = {
  'GET /admin/users': {
    id: 'listUsers',
    summary: 'List users',
    description: 'Lists all users, or those whose name or address contains a text.',
    query: { query: text('Part of a name or an address.', 'ada'), ...page },
    answers: {
      200: answer('A page of users.', object({ users: listOf(ref('ManagedUser')), next })),
    },
    codes: ['invalid_request'],
  },
  'POST /admin/users': {
    id: 'createUser',
    summary: 'Create a user',
    description:
      'Creates a user without a password, and mails a link that sets one. Where nothing can be mailed the answer has the link, once, to be handed over by hand.',
    body: namedByEither(bodySchema(Invited)),
    answers: {
      201: answer(
        'The new user, and the link where it is not mailed.',
        object({ user: ref('ManagedUser'), 'resetLink?': ref('ResetLink') }),
      ),
    },
    codes: ['email_taken', 'username_taken'],
  },
  'GET /admin/users/{id}': {
    id: 'getUser',
    summary: 'Look at a user',
    description: 'Answers one user by id.',
    answers: { 200: answer('The user.', user) },
    codes: ['not_found'],
  },
  'PATCH /admin/users/{id}': {
    id: 'updateUser',
    summary: 'Change a user',
    description:
      'Changes roles, name or whether the user is disabled, from their next request on. While the email address of a user is not confirmed, a new role is a conflict.',
    body: bodySchema(Administered),
    answers: { 200: answer('The user after the change.', user) },
    codes: ['not_found', 'last_admin', 'conflict'],
  },
  'DELETE /admin/users/{id}': {
    id: 'deleteUser',
    summary: 'Delete a user',
    description: 'Deletes the account of a user with its sessions and mailed links.',
    answers: { 204: answer('The user is deleted.') },
    codes: ['not_found', 'last_admin'],
  },
  'DELETE /admin/users/{id}/sessions': {
    id: 'endUserSessions',
    summary: 'End all sessions of a user',
    description: 'Signs a user out everywhere.',
    answers: { 200: answer('How many sessions were ended.', REVOKED) },
    codes: ['not_found'],
  },
  'POST /admin/users/{id}/reset-link': {
    id: 'createResetLink',
    summary: 'Make a link that sets a new password',
    description:
      'Makes a link to be handed over by hand, which works once and for a day. It takes the place of the one before, clears the count of failed sign-ins, and is told to a confirmed address by mail. For a disabled user it is a conflict.',
    answers: { 201: answer('The link. It is shown once.', ref('ResetLink')) },
    codes: ['not_found', 'conflict'],
  },
  'GET /admin/events': {
    id: 'listEvents',
    summary: 'List security events',
    description: 'Lists the events of all accounts, newest first.',
    query: { user: text('The id of a user.', USER_ID), kind, ...page },
    answers: { 200: answer('A page of events.', object({ events: listOf(ref('Event')), next })) },
    codes: ['invalid_request'],
  },
};
