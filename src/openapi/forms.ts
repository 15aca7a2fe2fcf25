import {
  Asked,
  Credentials,
  NewEmail,
  Registration as Registered,
  ResetByLink,
  VerifyLink,
} from '../accounts/input.ts';
import type { Registration } from '../config.ts';
import { type BodySchema, bodySchema } from './body-schema.ts';
import { choice, type Schema, text } from './schemas.ts';

/**
 * What a route takes from an HTML form. `/docs` describes it; the document for generators does not,
 * because clients that are made from it would send forms, or get pages for answers.
 */
export interface Form {
  fields: Schema;
  /** Where its 303 leads. */
  leadsTo: string;
}

const HOME = 'Home, to `APP_URL` or `/`.';
const RETURNS =
  'To `returnTo`, which is a path on this site or an address on a trusted origin. Without it home, to `APP_URL` or `/`.';
const returnTo = text('Where to go afterwards.', '/cart');

const withReturnTo = (schema: BodySchema): BodySchema => ({
  ...schema,
  properties: { ...schema.properties, returnTo },
});

function loginFields(): BodySchema {
  const schema = bodySchema(Credentials);
  const { token: _, ...properties } = schema.properties;
  const remember = choice('A checkbox.', ['on', 'true', '1', 'false', '0']);
  return withReturnTo({ ...schema, properties: { ...properties, remember } });
}

const REGISTER: Record<Registration, Record<string, Form>> = {
  open: {
    'POST /auth/register': { fields: withReturnTo(bodySchema(Registered)), leadsTo: RETURNS },
  },
  verified: {
    'POST /auth/register': {
      fields: withReturnTo(bodySchema(Asked)),
      leadsTo: 'To a page that asks to look into the mailbox.',
    },
  },
  closed: {},
};

/** The routes that take HTML forms. */
export const formsOf = (registration: Registration): Record<string, Form> => ({
  ...REGISTER[registration],
  'POST /auth/login': { fields: loginFields(), leadsTo: RETURNS },
  'POST /auth/logout': {
    fields: { type: 'object', properties: {}, required: [] },
    leadsTo: HOME,
  },
  'POST /auth/password/forgot': {
    fields: bodySchema(NewEmail),
    leadsTo: 'To a page that asks to look into the mailbox.',
  },
  'POST /auth/password/reset': { fields: bodySchema(ResetByLink), leadsTo: 'To the sign-in page.' },
  'POST /auth/email/verify': {
    fields: bodySchema(VerifyLink),
    leadsTo: 'To a page that says that the address is confirmed.',
  },
});
