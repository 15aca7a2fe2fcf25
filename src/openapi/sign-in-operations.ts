import { Asked, Credentials, Proof, Registration as Registered } from '../accounts/input.ts';
import type { Registration } from '../config.ts';
import { bodySchema, namedByEither, namedByOne } from './body-schema.ts';
import {
  answer,
  NOTHING,
  type Operation,
  type Operations,
  PROOF,
  RENEWED,
  SETS_COOKIE,
  token,
} from './operation.ts';
import { flag, object, ref, text } from './schemas.ts';

const account = { user: ref('User'), session: ref('Session') };

const login = bodySchema(Credentials);
const asksForToken = flag('Asks for a bearer token instead of the cookie. False when absent.');

const REGISTER: Record<Exclude<Registration, 'closed'>, Operation> = {
  open: {
    id: 'register',
    summary: 'Create an account and sign in',
    description: 'Creates an account with an email address, a user name, or both.',
    who: 'anyone',
    body: namedByEither(bodySchema(Registered)),
    answers: { 201: answer('The new user, signed in.', object(account)) },
    headers: SETS_COOKIE,
    codes: ['rate_limited', 'email_taken', 'username_taken', 'conflict', 'overloaded'],
  },
  verified: {
    id: 'register',
    summary: 'Ask for an account',
    description: 'Mails a link that sets the password. The answer is the same for every address.',
    who: 'public',
    body: bodySchema(Asked),
    answers: { 202: answer('The mail is on its way.', NOTHING) },
    codes: ['rate_limited'],
  },
};

/** Where registration is closed no client can call it, so the document leaves it out. */
const registerOperations = (registration: Registration): Operations =>
  registration === 'closed' ? {} : { 'POST /auth/register': REGISTER[registration] };

export const signInOperations = (registration: Registration): Operations => ({
  ...registerOperations(registration),
  'POST /auth/login': {
    id: 'login',
    summary: 'Sign in',
    description:
      'Signs in by an email address or a user name. With `token: true` the answer has a bearer token, and sets no cookie.',
    body: namedByOne({ ...login, properties: { ...login.properties, token: asksForToken } }),
    answers: { 200: answer('The user, signed in.', object({ ...account, 'token?': token })) },
    headers: SETS_COOKIE,
    codes: PROOF,
  },
  'POST /auth/logout': {
    id: 'logout',
    summary: 'Sign out',
    description: 'Ends the session and clears the cookie. Without a session it does no harm.',
    answers: { 204: answer('Nobody is signed in any more.') },
    headers: SETS_COOKIE,
  },
  'POST /auth/reauthenticate': {
    id: 'reauthenticate',
    summary: 'Prove who is signed in',
    description: 'Gives the session a new token and makes the login a recent one.',
    who: 'user',
    body: bodySchema(Proof),
    answers: {
      200: answer('The session. The body has the new token of a bearer request.', RENEWED),
    },
    headers: SETS_COOKIE,
    codes: [...PROOF, 'conflict'],
  },
  'GET /auth/session': {
    id: 'getSession',
    summary: 'Ask who is signed in',
    description: 'When nobody is signed in, `user` and `session` are null.',
    answers: { 200: answer('The user and the session.', ref('CurrentSession')) },
  },
  'GET /auth/verify': {
    id: 'verifyRequest',
    summary: 'Check a request for a reverse proxy',
    description:
      'Says in headers who is signed in, for reverse proxies and other services. With `role`, the user needs that role.',
    who: 'user',
    query: { role: text('A role that the user needs.', 'admin') },
    answers: { 204: answer('Somebody is signed in, and has the role.') },
    headers: ['X-Auth-User-Id', 'X-Auth-Email', 'X-Auth-Email-Verified', 'X-Auth-Roles'],
    codes: ['forbidden'],
  },
});
