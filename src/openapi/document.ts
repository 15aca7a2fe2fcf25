import type { Registration } from '../config.ts';
import { accountOperations, linkOperations } from './account-operations.ts';
import { adminOperations } from './admin-operations.ts';
import { type DocumentedOperation, documented, type StatusOf } from './documented.ts';
import type { Operations, Who } from './operation.ts';
import { schemas } from './schemas.ts';
import { serviceOperations, sessionOperations } from './session-operations.ts';
import { signInOperations } from './sign-in-operations.ts';

export interface DocumentParts {
  appName: string;
  /** Where the API is. */
  baseUrl: string;
  cookieName: string;
  registration: Registration;
  passwordMinLength: number;
  statusOf: StatusOf;
}

export type Document = ReturnType<typeof openApiDocument>;

/** The OpenAPI 3.1 description of every route of the API, as this service is set up. */
export function openApiDocument(parts: DocumentParts) {
  const groups: Record<string, [who: Who, Operations]> = {
    'Sign-in': ['anyone', signInOperations(parts.registration)],
    Sessions: ['user', sessionOperations],
    Account: ['user', accountOperations],
    'Mailed links': ['public', linkOperations],
    Administration: ['admin', adminOperations],
    Service: ['public', serviceOperations],
  };
  const paths: Record<string, Record<string, DocumentedOperation>> = {};
  for (const [tag, [who, operations]] of Object.entries(groups)) {
    for (const [route, operation] of Object.entries(operations)) {
      const [method = '', path = ''] = route.split(' ');
      const described = documented(route, { who, ...operation }, { ...parts, tag });
      paths[path] = { ...paths[path], [method.toLowerCase()]: described };
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: parts.appName,
      version: '0.1.0',
      description: introduction(parts.passwordMinLength),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: parts.baseUrl }],
    tags: Object.keys(groups).map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        cookie: { type: 'apiKey', in: 'cookie', name: parts.cookieName },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

const introduction = (minLength: number) =>
  `Refusals are problem details (RFC 9457) with a stable code. Unknown fields are refused. New passwords have ${minLength} to 256 characters.`;
