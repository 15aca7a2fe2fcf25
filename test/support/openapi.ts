import { type OutputUnit, Validator } from '@cfworker/json-schema';
import { expect } from 'vitest';
import { createTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { Client } from './client.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
type Json = any;

/** An app, and its OpenAPI document. */
export async function served(options: TestAppOptions = {}) {
  const app = await createTestApp(options);
  const document: Json = (await app.client().get('/openapi.json')).json;
  return { app, document };
}

/** The operations by method and path, such as `POST /auth/login`, with their shared answers. */
export function operationsOf(document: Json): Record<string, Json> {
  const operations = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => {
      const responses = Object.entries<Json>(operation.responses).map(([status, response]) => [
        status,
        resolved(document, response),
      ]);
      const route = `${method.toUpperCase()} ${path}`;
      return [route, { ...operation, responses: Object.fromEntries(responses) }];
    }),
  );
  return Object.fromEntries(operations);
}

/** What a `$ref` refers to. */
export function resolved(document: Json, part: Json): Json {
  if (typeof part.$ref !== 'string') return part;
  const names: string[] = part.$ref.split('/').slice(1);
  return names.reduce((inside, name) => inside[name], document);
}

const OPERATION = /<details id="\w+"><summary><code>([^<]+)<\/code>(.*?)<\/details>/gs;
const FORM_FIELDS = /<dt>HTML form<\/dt><dd>.*?<code>([^<]*)<\/code>/s;

/** The names of the fields of the HTML forms that `/docs` describes, by route. */
export async function formsOf(app: TestApp): Promise<Record<string, string[]>> {
  const { text } = await app.client().get('/docs');
  const forms = [...text.matchAll(OPERATION)].flatMap(([, route = '', operation = '']) => {
    const [, fields] = FORM_FIELDS.exec(operation) ?? [];
    return fields === undefined
      ? []
      : [[route, [...fields.matchAll(/(\w+)\??: /g)].map(([, name]) => name)]];
  });
  return Object.fromEntries(forms);
}

/** The operation that a request is for. */
function routeOf(document: Json, { method, url }: Request): string {
  const { pathname } = new URL(url);
  const found = Object.keys(operationsOf(document)).find((route) => {
    const [verb, path = ''] = route.split(' ');
    return verb === method && new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname);
  });
  return found ?? `none for ${method} ${pathname}`;
}

/**
 * Browsers each of whose answers has to be as the document says, or as `/docs` says of forms.
 * `seen`: what was answered.
 */
export function heldTo(document: Json, app: TestApp, forms: Record<string, string[]>) {
  const seen = new Set<string>();
  const operations = operationsOf(document);
  const components = strict(document.components);

  async function fetch(request: Request): Promise<Response> {
    const route = routeOf(document, request);
    const form = request.headers.get('content-type') === 'application/x-www-form-urlencoded';
    const answer = await app.app.fetch(request);
    const { status } = answer;
    const at = `${route}: ${status}`;
    seen.add(form ? `${at} to a form` : at);
    const always: Record<number, string> = { 401: 'www-authenticate', 429: 'retry-after' };
    for (const name of ['x-request-id', always[status] ?? []].flat()) {
      expect(answer.headers.get(name), `${at} ${name}`).toBeTruthy();
    }
    if (form && status === 303) {
      expect(forms, at).toHaveProperty([route]);
      return answer;
    }
    const described = operations[route]?.responses[status];
    expect(described, at).toBeDefined();
    const named = Object.keys(described.headers).map((name) => name.toLowerCase());
    for (const [name] of answer.headers) {
      if (/^(set-cookie|retry-after|www-authenticate|x-request-id|x-auth-.*)$/.test(name)) {
        expect(named, at).toContain(name);
      }
    }
    if (form) expect(answer.headers.get('content-type'), at).toMatch(/^text\/html/);
    else await check(route, described.content, answer.clone());
    return answer;
  }

  async function check(route: string, content: Json, answer: Response) {
    const text = await answer.text();
    const at = `${route}: ${answer.status} ${text}`;
    if (text === '') return expect(content, at).toBeUndefined();
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
    expect(Object.keys(content ?? {}), at).toEqual([type]);
    const { schema } = content[type];
    expect(errorsOf({ components, ...strict(schema) }, JSON.parse(text)), at).toEqual([]);
  }

  return {
    seen,
    client: () => new Client(fetch, app.services.config.baseUrl),
  };
}

/** What is wrong with a value by a JSON Schema. */
export function errorsOf(schema: Json, value: unknown): OutputUnit[] {
  return new Validator(schema, '2020-12', false).validate(value as never).errors;
}

/** The schema, for which a property that it does not name is wrong. */
export function strict(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.entries<Json>(schema)
    // What all of several have to match may name a part of the properties each.
    .map(([name, value]) => [name, name === 'allOf' ? value : strict(value)]);
  const named = schema.type === 'object' && schema.properties;
  return { ...Object.fromEntries(inner), ...(named ? { additionalProperties: false } : {}) };
}
