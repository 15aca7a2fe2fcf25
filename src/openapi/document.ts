import type { Registration } from '../config.ts';
import type { RefusalCode } from '../errors.ts';
import { accountOperations, linkOperations } from './account-operations.ts';
import { adminOperations } from './admin-operations.ts';
import { codesOf, type DocumentedOperation, documented, type Response } from './documented.ts';
import { headers } from './headers.ts';
import type { Operations, Who } from './operation.ts';
import {
  byStatus,
  type ProblemOf,
  problemExamples,
  problemResponse,
  responseName,
} from './problems.ts';
import { schemas } from './schemas.ts';
import { serviceOperations, sessionOperations } from './session-operations.ts';
import { signInOperations } from './sign-in-operations.ts';

export interface DocumentParts {
  appName: string;
  baseUrl: string;
  cookieName: string;
  registration: Registration;
  passwordMinLength: number;
  problemOf: ProblemOf;
}

export type Document = ReturnType<typeof openApiDocument>;

interface Group {
  name: string;
  description: string;
  who: Who;
  operations: Operations;
}

const groupsOf = (registration: Registration): Group[] => [
  {
    name: 'Sign-in',
    description: 'Sign up, sign in, sign out, and who is signed in.',
    who: 'anyone',
    operations: signInOperations(registration),
  },
  {
    name: 'Sessions',
    description: 'The sessions of the user, and the data of this one.',
    who: 'user',
    operations: sessionOperations,
  },
  {
    name: 'Account',
    description: 'The account of the user.',
    who: 'user',
    operations: accountOperations,
  },
  {
    name: 'Mailed links',
    description: 'What a frontend does with the links that are mailed.',
    who: 'public',
    operations: linkOperations,
  },
  {
    name: 'Administration',
    description: 'What administrators do with the accounts of others.',
    who: 'admin',
    operations: adminOperations,
  },
  {
    name: 'Service',
    description: 'For load balancers and monitoring.',
    who: 'public',
    operations: serviceOperations,
  },
];

/**
 * The OpenAPI 3.1 description of every route of the API, as this service is set up. It is made for
 * generators of clients: JSON alone, one media type a body, no forms (`/docs` describes those).
 */
export function openApiDocument(parts: DocumentParts) {
  const { appName, baseUrl, cookieName, registration, passwordMinLength, problemOf } = parts;
  const groups = groupsOf(registration);
  const paths: Record<string, Record<string, DocumentedOperation>> = {};
  const responses: Record<string, Response> = {};
  const refusals = new Set<RefusalCode>();
  for (const { name: tag, who, operations } of groups) {
    for (const [route, own] of Object.entries(operations)) {
      const operation = { who, ...own };
      const [method = '', path = ''] = route.split(' ');
      const described = documented(route, operation, { tag, problemOf });
      paths[path] = { ...paths[path], [method.toLowerCase()]: described };
      for (const [status, codes] of byStatus(codesOf(route, operation), problemOf)) {
        responses[responseName(codes)] ??= problemResponse(status, codes, problemOf);
        for (const code of codes) refusals.add(code);
      }
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: appName,
      version: '0.1.0',
      description: introduction(registration, passwordMinLength),
      contact: { name: appName, url: baseUrl },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Relative to where the document came from, so it fits every address of the service.
    servers: [{ url: '/', description: 'This server.' }],
    tags: groups.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      schemas,
      responses,
      headers,
      examples: problemExamples(refusals, problemOf),
      securitySchemes: {
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: cookieName,
          description: 'The session cookie. Browsers send it by themselves.',
        },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token of a login with `token: true`.',
        },
      },
    },
  };
}

const introduction = (registration: Registration, minLength: number) =>
  [
    'Refusals are problem details (RFC 9457) with a stable `code`. Unknown fields are refused.',
    `New passwords have ${minLength} to 256 characters.`,
    registration === 'closed' && 'Registration is closed: administrators create the accounts.',
  ]
    .filter(Boolean)
    .join(' ');
