import type { FieldError, RefusalCode } from '../errors.ts';
import { type HeaderName, headersOf } from './headers.ts';
import { ref, type Schema } from './schemas.ts';

/** Problem details (RFC 9457) as the API answers them. */
export interface ProblemDetails {
  title: string;
  status: number;
  detail: string;
}

/** The problem details of a code. */
export type ProblemOf = (
  code: RefusalCode,
  more: { errors?: FieldError[]; retryAfter?: number },
) => ProblemDetails;

const WEAK: FieldError = {
  path: 'password',
  code: 'too_short',
  message: 'Use at least 12 characters.',
  min: 12,
};

const MORE: Partial<Record<RefusalCode, { errors?: FieldError[]; retryAfter?: number }>> = {
  invalid_request: { errors: [WEAK] },
  rate_limited: { retryAfter: 30 },
  overloaded: { retryAfter: 1 },
  unavailable: { retryAfter: 2 },
};

/** One example of each problem, by code. Answers refer to them. */
export function problemExamples(codes: Iterable<RefusalCode>, problemOf: ProblemOf) {
  const examples = [...codes].sort().map((code) => {
    const value = problemOf(code, MORE[code] ?? {});
    return [code, { summary: value.title, value }];
  });
  return Object.fromEntries(examples);
}

/** The codes of a route by their status. */
export function byStatus(codes: Iterable<RefusalCode>, problemOf: ProblemOf) {
  const found = new Map<number, RefusalCode[]>();
  for (const code of [...codes].sort()) {
    const { status } = problemOf(code, {});
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return found;
}

/** A name for the answer of these codes, which many routes share: `InvalidCredentialsOrNotSignedIn`. */
export const responseName = (codes: readonly RefusalCode[]) =>
  codes.map((code) => `_${code}`.replace(/_(.)/g, (_, first) => first.toUpperCase())).join('Or');

/** What problems of a status carry beside what every answer does. */
const HEADERS: Record<number, HeaderName[]> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** The answer of a refusal by one of these codes, which are an enum there. */
export function problemResponse(status: number, codes: RefusalCode[], problemOf: ProblemOf) {
  const schema: Schema = {
    allOf: [
      ref('Problem'),
      {
        type: 'object',
        properties: {
          status: { type: 'integer', const: status },
          code: { type: 'string', enum: codes },
        },
        required: ['status', 'code'],
      },
    ],
  };
  const examples = codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]);
  return {
    description: codes.map((code) => `\`${code}\`: ${problemOf(code, {}).detail}`).join(' '),
    headers: headersOf(HEADERS[status] ?? []),
    content: {
      'application/problem+json': { schema, examples: Object.fromEntries(examples) },
    },
  };
}
