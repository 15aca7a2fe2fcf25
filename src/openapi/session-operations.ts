import { type Operations, SETS_COOKIE } from './operation.ts';
import { listOf, object, type Schema, text, whole } from './schemas.ts';

const data: Schema = { type: 'object' };
const ok = object({ status: { const: 'ok' } });

export const REVOKED = object({ revoked: whole });

export const sessionOperations: Operations = {
  'GET /auth/session/data': {
    summary: 'What the session keeps for a frontend',
    who: 'anyone',
    answers: { 200: data },
  },
  'PATCH /auth/session/data': {
    summary: 'Change it by a merge patch (RFC 7396)',
    who: 'anyone',
    body: data,
    types: ['application/json', 'application/merge-patch+json'],
    answers: { 200: data },
    headers: SETS_COOKIE,
    codes: ['not_signed_in', 'conflict', 'rate_limited'],
  },
  'GET /auth/sessions': {
    summary: 'Where one is signed in',
    answers: { 200: object({ sessions: listOf('Session') }) },
  },
  'DELETE /auth/sessions': {
    summary: 'End all other sessions, or all',
    query: { include: { ...text, enum: ['current'] } },
    answers: { 200: REVOKED },
    headers: SETS_COOKIE,
  },
  'DELETE /auth/sessions/{id}': {
    summary: 'End a session',
    answers: { 204: null },
    headers: SETS_COOKIE,
    codes: ['not_found'],
  },
};

export const serviceOperations: Operations = {
  'GET /health': { summary: 'Alive', answers: { 200: ok }, still: true },
  'GET /ready': { summary: 'Able to serve', answers: { 200: ok } },
};
