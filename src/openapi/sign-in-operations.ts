import { Asked, Credentials, Proof, Registration as Registered } from '../accounts/input.ts';
import type { Registration } from '../config.ts';
import { type BodySchema, bodySchema } from './body-schema.ts';
import {
  NOTHING,
  type Operation,
  type Operations,
  PROOF,
  RENEWED,
  SETS_COOKIE,
} from './operation.ts';
import { nothing, object, ref, text } from './schemas.ts';

const account = { user: ref('User'), session: ref('Session') };
export const EITHER = [{ required: ['email'] }, { required: ['username'] }];

/** A form may say where to go afterwards. */
const withReturnTo = (schema: BodySchema, properties = schema.properties) => ({
  ...schema,
  properties: { ...properties, returnTo: text },
});

const login = { ...bodySchema(Credentials), oneOf: EITHER };
const { token: _, ...loginForm } = login.properties;
const remember = { ...text, enum: ['on', 'true', '1', 'false', '0'] };
const registered = { ...bodySchema(Registered), anyOf: EITHER };
const asked = bodySchema(Asked);

const REGISTER: Record<Registration, Operation> = {
  open: {
    summary: 'Make an account, and sign in',
    who: 'anyone',
    body: registered,
    form: withReturnTo(registered),
    answers: { 201: object(account) },
    headers: SETS_COOKIE,
    codes: ['rate_limited', 'email_taken', 'username_taken', 'conflict', 'overloaded'],
  },
  verified: {
    summary: 'Ask for an account; a mailed link sets the password',
    who: 'public',
    body: asked,
    form: withReturnTo(asked),
    answers: { 202: NOTHING },
    codes: ['rate_limited'],
  },
  closed: {
    summary: 'Closed: admins make accounts',
    who: 'public',
    answers: {},
    codes: ['registration_closed'],
    still: true,
  },
};

export const signInOperations = (registration: Registration): Operations => ({
  'POST /auth/register': REGISTER[registration],
  'POST /auth/login': {
    summary: 'Sign in; token: true asks for a bearer token instead of the cookie',
    body: login,
    form: withReturnTo(login, { ...loginForm, remember }),
    answers: { 200: object({ ...account, 'token?': text }) },
    headers: SETS_COOKIE,
    codes: PROOF,
  },
  'POST /auth/logout': {
    summary: 'Sign out',
    form: NOTHING,
    answers: { 204: null },
    headers: SETS_COOKIE,
  },
  'POST /auth/reauthenticate': {
    summary: 'Prove who is signed in: a new token and a recent login',
    who: 'user',
    body: bodySchema(Proof),
    answers: { 200: RENEWED },
    headers: SETS_COOKIE,
    codes: [...PROOF, 'conflict'],
  },
  'GET /auth/session': {
    summary: 'Who is signed in',
    answers: {
      200: { oneOf: [object(account), object({ user: nothing, session: nothing })] },
    },
  },
  'GET /auth/verify': {
    summary: 'Who is asking, for reverse proxies and other services',
    who: 'user',
    query: { role: { type: 'array', items: text } },
    answers: { 204: null },
    headers: {
      'X-Auth-User-Id': text,
      'X-Auth-Email': {
        ...text,
        description: 'Percent-encoded; empty when there is none, or it is not confirmed.',
      },
      'X-Auth-Email-Verified': { ...text, enum: ['true', 'false'] },
      'X-Auth-Roles': { ...text, description: 'Comma-separated.' },
    },
    codes: ['forbidden'],
  },
});
