import { Administered, Invited } from '../accounts/input.ts';
import { bodySchema } from './body-schema.ts';
import type { Operations } from './operation.ts';
import { kind, listOf, object, orNull, ref, text } from './schemas.ts';
import { REVOKED } from './session-operations.ts';
import { EITHER } from './sign-in-operations.ts';

const user = object({ user: ref('ManagedUser') });
const next = orNull(text);
const page = {
  cursor: { ...text, description: '`next` of the page before.' },
  limit: {
    ...{ type: 'integer', minimum: 1, maximum: 100, default: 50 },
    description: '1 to 100, 50 when absent.',
  },
};

export const adminOperations: Operations = {
  'GET /admin/users': {
    summary: 'List users',
    query: { query: { ...text, description: 'Part of a name or an address.' }, ...page },
    answers: { 200: object({ users: listOf('ManagedUser'), next }) },
    codes: ['invalid_request'],
  },
  'POST /admin/users': {
    summary: 'Make a user; mails an invitation',
    body: { ...bodySchema(Invited), anyOf: EITHER },
    answers: { 201: user },
    codes: ['email_taken', 'username_taken'],
  },
  'GET /admin/users/{id}': {
    summary: 'Look at a user',
    answers: { 200: user },
    codes: ['not_found'],
  },
  'PATCH /admin/users/{id}': {
    summary:
      'Change a user; holds at their next request. No new role while their email is unconfirmed',
    body: bodySchema(Administered),
    answers: { 200: user },
    codes: ['not_found', 'last_admin', 'conflict'],
  },
  'DELETE /admin/users/{id}': {
    summary: 'Delete a user',
    answers: { 204: null },
    codes: ['not_found', 'last_admin'],
  },
  'DELETE /admin/users/{id}/sessions': {
    summary: 'End all sessions of a user',
    answers: { 200: REVOKED },
    codes: ['not_found'],
  },
  'GET /admin/events': {
    summary: 'Security events of everybody',
    query: { user: text, kind, ...page },
    answers: { 200: object({ events: listOf('Event'), next }) },
    codes: ['invalid_request'],
  },
};
