import type { RefusalCode } from '../errors.ts';
import { object, ref, type Schema, text } from './schemas.ts';

/** `public`: no session is looked at. `anyone`: one is, where there is one. */
export type Who = 'public' | 'anyone' | 'user' | 'admin';

/** A route as the document tells of it. What many routes share is added by the document. */
export interface Operation {
  summary: string;
  /** Absent: as the group has it. */
  who?: Who;
  query?: Record<string, Schema>;
  body?: Schema;
  /** Content types of the body; JSON alone when absent. */
  types?: readonly string[];
  /** The body as an HTML form sends it, which is answered 303. */
  form?: Schema;
  /** The bodies of all answers but refusals, by status. null: it has none. */
  answers: Record<number, Schema | null>;
  /** Of these answers. */
  headers?: Record<string, Schema>;
  /** Its own refusals. */
  codes?: readonly RefusalCode[];
  /** Reads no body and asks no store. */
  still?: boolean;
}

/** By method and path, such as `POST /auth/login`. */
export type Operations = Record<string, Operation>;

/** What every proof by password can come to. */
export const PROOF: readonly RefusalCode[] = ['invalid_credentials', 'rate_limited', 'overloaded'];

export const SETS_COOKIE = { 'Set-Cookie': text };

/** A session with a new token, which is in the body where one came as a bearer token. */
export const RENEWED = object({ session: ref('Session'), 'token?': text });

export const NOTHING = { ...object({}), additionalProperties: false };
