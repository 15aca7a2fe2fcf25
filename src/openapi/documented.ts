import type { RefusalCode } from '../errors.ts';
import type { Operation, Who } from './operation.ts';
import { ref, type Schema, text, whole } from './schemas.ts';

/** The HTTP status of a refusal. */
export type StatusOf = (code: RefusalCode) => number;

type Content = Record<string, { schema?: Schema }>;

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  schema: Schema;
}

export interface DocumentedOperation {
  operationId: string;
  tags: [string];
  summary: string;
  /** For whom it is; absent: for anybody. */
  description?: string;
  security: object[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<number, { description: string; headers: object; content?: Content }>;
}

const SIGNED_IN = [{ cookie: [] }, { bearer: [] }];
const SECURITY: Record<Who, object[]> = {
  public: [],
  anyone: [{}, ...SIGNED_IN],
  user: SIGNED_IN,
  admin: SIGNED_IN,
};
const FOR_WHOM: Partial<Record<Who, string>> = {
  user: 'For whoever is signed in.',
  admin: 'For the role admin.',
};

export const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** An operation as OpenAPI tells of it. */
export function documented(
  route: string,
  operation: Operation & { who: Who },
  { tag, statusOf }: { tag: string; statusOf: StatusOf },
): DocumentedOperation {
  const { summary, who, query = {}, answers, form, headers = {} } = operation;
  const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const responses: DocumentedOperation['responses'] = {};
  for (const [status, schema] of Object.entries(form ? { ...answers, 303: null } : answers)) {
    responses[Number(status)] = {
      description: status === '303' ? 'A form: the next page.' : 'Done.',
      headers: headersOf(headers),
      ...(schema && { content: { [JSON_TYPE]: { schema } } }),
    };
  }
  for (const [status, codes] of byStatus(codesOf(route, operation), statusOf)) {
    responses[status] = problem(status, codes, operation);
  }
  const requestBody = bodyOf(operation);
  const forWhom = FOR_WHOM[who];
  return {
    operationId: route.toLowerCase().replace(/\W+(\w?)/g, (_, next) => next.toUpperCase()),
    tags: [tag],
    summary,
    ...(forWhom && { description: forWhom }),
    security: SECURITY[who],
    parameters: [
      ...inPath.map((name) => ({ name, in: 'path' as const, required: true, schema: text })),
      ...Object.entries(query).map(([name, schema]) => ({
        ...{ name, in: 'query' as const, required: false, schema },
      })),
    ],
    ...(requestBody && { requestBody }),
    responses,
  };
}

/** Every refusal that a route can answer: its own, and what stands before it. */
function codesOf(route: string, { who, still, codes = [] }: Operation): Set<RefusalCode> {
  const changes = !route.startsWith('GET');
  const admin = who === 'admin';
  const found: (RefusalCode | false)[] = [
    changes && !still && 'invalid_request',
    ...codes,
    (who === 'user' || admin) && 'not_signed_in',
    admin && 'forbidden',
    changes && 'cross_site_request',
    admin && changes && 'recent_login_required',
    changes && 'body_too_large',
    changes && !still && 'unsupported_media_type',
    !still && 'internal',
    !still && 'unavailable',
  ];
  return new Set(found.filter((code) => code !== false));
}

function byStatus(codes: Iterable<RefusalCode>, statusOf: StatusOf): Map<number, RefusalCode[]> {
  const found = new Map<number, RefusalCode[]>();
  for (const code of codes) {
    const status = statusOf(code);
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return found;
}

function problem(status: number, codes: RefusalCode[], { form }: Operation) {
  const waits = status === 429 || status === 503;
  const properties = { status: { const: status }, code: { enum: codes } };
  return {
    description: codes.join(', '),
    headers: headersOf(waits ? { 'Retry-After': whole } : {}),
    content: {
      'application/problem+json': { schema: { ...ref('Problem'), properties } },
      // A form gets its page again.
      ...(form && { 'text/html': {} }),
    },
  };
}

function bodyOf({ body, form, types = [JSON_TYPE] }: Operation) {
  const content: Content = {};
  if (body) for (const type of types) content[type] = { schema: body };
  if (form) content[FORM] = { schema: form };
  return body || form ? { required: body !== undefined, content } : undefined;
}

/** Every answer names its request. */
function headersOf(schemas: Record<string, Schema>) {
  const entries = Object.entries({ 'X-Request-Id': text, ...schemas });
  return Object.fromEntries(entries.map(([name, schema]) => [name, { schema }]));
}
