import { answer, type Operations, SETS_COOKIE } from './operation.ts';
import { choice, count, listOf, object, ref, type Schema } from './schemas.ts';

const data: Schema = {
  type: 'object',
  description: 'Any JSON object: up to 8 KiB and 50 keys.',
  additionalProperties: true,
  examples: [{ cart: [{ sku: 'A-1042', quantity: 2 }], theme: 'dark' }],
};
const patch: Schema = {
  ...data,
  description: 'A merge patch (RFC 7396): what is null is removed.',
  examples: [{ theme: 'light', cart: null }],
};
const ok = object({ status: { type: 'string', const: 'ok' } });

export const REVOKED = object({ revoked: count('How many sessions were ended.', 2) });

export const sessionOperations: Operations = {
  'GET /auth/session/data': {
    id: 'getSessionData',
    summary: 'Read the session data',
    description: 'The JSON object that a frontend keeps in the session; empty without a session.',
    who: 'anyone',
    answers: { 200: answer('The session data.', data) },
  },
  'PATCH /auth/session/data': {
    id: 'updateSessionData',
    summary: 'Change the session data',
    description:
      'Applies a merge patch (RFC 7396). Somebody who has no session gets an anonymous one. The content type may also be `application/merge-patch+json`.',
    who: 'anyone',
    body: patch,
    answers: { 200: answer('The session data after the change.', data) },
    headers: SETS_COOKIE,
    codes: ['not_signed_in', 'conflict', 'rate_limited'],
  },
  'GET /auth/sessions': {
    id: 'listSessions',
    summary: 'List the sessions of the user',
    description: 'Where the user is signed in, newest first.',
    answers: { 200: answer('The sessions.', object({ sessions: listOf(ref('Session')) })) },
  },
  'DELETE /auth/sessions': {
    id: 'endSessions',
    summary: 'End all other sessions, or all',
    description:
      'Ends all sessions of the user but the current one. With `include=current` it ends that one too, and clears the cookie.',
    query: { include: choice('Ends the current session as well.', ['current']) },
    answers: { 200: answer('How many sessions were ended.', REVOKED) },
    headers: SETS_COOKIE,
  },
  'GET /auth/devices': {
    id: 'listDevices',
    summary: 'List the known devices of the user',
    description:
      "Where the user has signed in before, the latest sign-in first. Failed logins from there are counted apart from strangers'.",
    answers: { 200: answer('The devices.', object({ devices: listOf(ref('Device')) })) },
  },
  'DELETE /auth/devices': {
    id: 'forgetDevices',
    summary: 'Forget all known devices',
    description: 'No device of the user is known any more. Sessions go on.',
    answers: { 204: answer('The devices are forgotten.') },
  },
  'DELETE /auth/devices/{id}': {
    id: 'forgetDevice',
    summary: 'Forget a known device',
    description: 'The device is known no more. Its session, if it has one, goes on.',
    answers: { 204: answer('The device is forgotten.') },
    codes: ['not_found'],
  },
  'DELETE /auth/sessions/{id}': {
    id: 'endSession',
    summary: 'End a session',
    description: 'Ends one session of the user. Ending the current one clears the cookie.',
    answers: { 204: answer('The session is ended.') },
    headers: SETS_COOKIE,
    codes: ['not_found'],
  },
};

export const serviceOperations: Operations = {
  'GET /health': {
    id: 'getHealth',
    summary: 'Ask whether the server is alive',
    description: 'Answers without asking the store or the database.',
    answers: { 200: answer('The server is alive.', ok) },
    still: true,
  },
  'GET /ready': {
    id: 'getReadiness',
    summary: 'Ask whether the server can serve',
    description: 'Asks the store and the database. A result is kept for one second.',
    answers: { 200: answer('The store and the database answer.', ok) },
  },
};
