import type { RefusalCode } from '../errors.ts';
import type { HeaderName } from './headers.ts';
import { object, ref, type Schema, text, textOrNull, USER_ID } from './schemas.ts';

/** `public`: no session is looked at. `anyone`: one is, where there is one. */
export type Who = 'public' | 'anyone' | 'user' | 'admin';

/** A route as the document describes it. What many routes share is added by the document. */
export interface Operation {
  /** The `operationId`: generators name the function of the client after it. */
  id: string;
  summary: string;
  description: string;
  /** Absent: as the group has it. */
  who?: Who;
  query?: Record<string, Schema>;
  /** The JSON body. */
  body?: Schema;
  /** The answers of success, by status. */
  answers: Record<number, Answer>;
  /** The headers of these answers. */
  headers?: readonly HeaderName[];
  /** Its own refusals. */
  codes?: readonly RefusalCode[];
  /** Reads no body and asks no store. */
  still?: boolean;
}

interface Answer {
  description: string;
  /** Absent: it has no body. */
  schema?: Schema;
}

/** By method and path, such as `POST /auth/login`. */
export type Operations = Record<string, Operation>;

export const answer = (description: string, schema?: Schema): Answer => ({
  description,
  ...(schema && { schema }),
});

/** What every proof by password can come to. */
export const PROOF: readonly RefusalCode[] = ['invalid_credentials', 'rate_limited', 'overloaded'];

export const SETS_COOKIE = ['Set-Cookie'] as const;

export const token = text(
  'The bearer token. It is as secret as a password.',
  'mT3vQ8kXr1nB5yJc0LwZ7g.SECRET.MAC.USER',
);

/** A session with a new token, which is in the body when the request came with a bearer token. */
export const RENEWED = object({ session: ref('Session'), 'token?': token });

/** What a list of several pages answers with each. */
export const next = textOrNull('The `cursor` of the next page; null on the last page.', USER_ID);

/** What a list of several pages takes. */
export const pageQuery = (size: number): Record<string, Schema> => ({
  cursor: text('`next` of the page before.', USER_ID),
  limit: {
    ...{ type: 'integer', minimum: 1, maximum: 100, default: size },
    description: `How many to list: 1 to 100, ${size} when absent.`,
  },
});

export const NOTHING = { ...object({}), additionalProperties: false };
