import type { RefusalCode } from '../errors.ts';
import { isCounted } from '../session/write-limit-middleware.ts';
import { exampleOf } from './example.ts';
import { headersOf } from './headers.ts';
import type { Operation, Who } from './operation.ts';
import { byStatus, type ProblemOf, responseName } from './problems.ts';
import { type Schema, SESSION_ID, text, USER_ID } from './schemas.ts';

interface MediaType {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, Schema>;
}

type Content = Record<string, MediaType>;

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description: string;
  required: boolean;
  schema: Schema;
}

export interface Response {
  description: string;
  headers: object;
  content?: Content;
}

export interface DocumentedOperation {
  operationId: string;
  tags: [string];
  summary: string;
  description: string;
  security: object[];
  parameters?: Parameter[];
  requestBody?: { required: true; content: Content };
  /** Refusals are shared by routes, and named. */
  responses: Record<number, Response | { $ref: string }>;
}

const SIGNED_IN = [{ cookie: [] }, { bearer: [] }];
const SECURITY: Record<Who, object[]> = {
  public: [],
  anyone: [{}, ...SIGNED_IN],
  user: SIGNED_IN,
  admin: SIGNED_IN,
};
const FOR_WHOM: Partial<Record<Who, string>> = {
  user: 'For users who are signed in.',
  admin: 'For users with the role `admin`.',
};
const RECENT = 'Needs a login that is at most 10 minutes old.';

/** Of every unsafe method. */
const INTENDED_USER: Parameter = {
  name: 'X-Gatehouse-User',
  in: 'header',
  description:
    'The id of the user whom the request is meant for, percent-encoded. When another user is signed in, the answer is 409 `conflict` and nothing happens.',
  required: false,
  schema: text('The id of a user, percent-encoded.', USER_ID),
};

export const JSON_TYPE = 'application/json';

/** An operation as OpenAPI describes it. */
export function documented(
  route: string,
  operation: Operation & { who: Who },
  { tag, problemOf }: { tag: string; problemOf: ProblemOf },
): DocumentedOperation {
  const { id, summary, description, who, body, answers, headers = [] } = operation;
  const codes = codesOf(route, operation);
  const recent = codes.includes('recent_login_required') && RECENT;
  const told = [description, FOR_WHOM[who], recent].filter(Boolean).join(' ');
  const parameters = parametersOf(route, operation);
  const done = Object.entries(answers).map(([status, { schema, ...answer }]) => [
    status,
    { ...answer, headers: headersOf(headers), ...(schema && { content: json(schema) }) },
  ]);
  const refused = [...byStatus(codes, problemOf)].map(([status, codes]) => [
    status,
    { $ref: `#/components/responses/${responseName(codes)}` },
  ]);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: told,
    security: SECURITY[who],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: Object.fromEntries([...done, ...refused]),
  };
}

const json = (schema: Schema): Content => ({
  [JSON_TYPE]: { schema, example: exampleOf(schema) },
});

function parametersOf(route: string, { query = {} }: Operation): Parameter[] {
  const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']): Parameter => {
    const schema = idIn(route);
    return { name, in: 'path', description: schema.description, required: true, schema };
  });
  const inQuery = Object.entries(query).map(([name, schema]): Parameter => {
    const { description = '' } = schema as { description?: string };
    return { name, in: 'query', description, required: false, schema };
  });
  return [...inPath, ...inQuery, ...(isUnsafe(route) ? [INTENDED_USER] : [])];
}

/** What the `{id}` of a path is of: `/auth/sessions/{id}` of a session. */
function idIn(route: string) {
  const [, thing = ''] = /(\w+)s\/\{/.exec(route) ?? [];
  return text(`The id of the ${thing}.`, thing === 'user' ? USER_ID : SESSION_ID);
}

const isUnsafe = (route: string) => !route.startsWith('GET');

/** Every refusal that a route can answer: its own, and what stands before it. */
export function codesOf(route: string, { who, still, codes = [] }: Operation): RefusalCode[] {
  const changes = isUnsafe(route);
  const admin = who === 'admin';
  const found: (RefusalCode | false)[] = [
    // Every route may be asked with query parameters that it does not know.
    'invalid_request',
    ...codes,
    (who === 'user' || admin) && 'not_signed_in',
    admin && 'forbidden',
    changes && 'cross_site_request',
    changes && 'conflict',
    changes && (who === 'user' || admin) && isCounted(route) && 'rate_limited',
    admin && changes && 'recent_login_required',
    changes && 'body_too_large',
    changes && !still && 'unsupported_media_type',
    !still && 'internal',
    !still && 'unavailable',
  ];
  return [...new Set(found.filter((code) => code !== false))];
}
