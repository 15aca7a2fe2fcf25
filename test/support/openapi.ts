import { type OutputUnit, Validator } from '@cfworker/json-schema';
import { expect } from 'vitest';
import { createTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { Client } from './client.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
type Json = any;

/** An app, and what it says of itself. */
export async function served(options: TestAppOptions = {}) {
  const app = await createTestApp(options);
  const document: Json = (await app.client().get('/openapi.json')).json;
  return { app, document };
}

/** By method and path, such as `POST /auth/login`. */
export function operationsOf(document: Json): Record<string, Json> {
  const operations = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => [`${method.toUpperCase()} ${path}`, told]),
  );
  return Object.fromEntries(operations);
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

/** Browsers each of whose answers has to be as the document says. `seen`: what was answered. */
export function heldTo(document: Json, app: TestApp) {
  const seen = new Set<string>();
  const operations = operationsOf(document);
  const components = strict(document.components);

  async function fetch(request: Request): Promise<Response> {
    const route = routeOf(document, request);
    const answer = await app.app.fetch(request);
    const { status } = answer;
    const told = operations[route]?.responses[status];
    expect(told, `${route}: ${status}`).toBeDefined();
    seen.add(`${route}: ${status}`);
    for (const name of ['x-request-id', ...(status === 429 ? ['retry-after'] : [])]) {
      expect(answer.headers.get(name), `${route}: ${name}`).toBeTruthy();
    }
    const named = Object.keys(told.headers).map((name) => name.toLowerCase());
    for (const [name] of answer.headers) {
      if (/^(set-cookie|retry-after|x-request-id|x-auth-.*)$/.test(name)) {
        expect(named, `${route}: ${status}`).toContain(name);
      }
    }
    await check(route, told.content, answer.clone());
    return answer;
  }

  async function check(route: string, content: Json, answer: Response) {
    const text = await answer.text();
    const at = `${route}: ${answer.status} ${text}`;
    if (text === '') return expect(content, at).toBeUndefined();
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
    expect(Object.keys(content ?? {}), at).toContain(type);
    const { schema } = content[type];
    if (schema)
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
function strict(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.entries(schema).map(([name, value]) => [name, strict(value)]);
  const named = schema.type === 'object' && schema.properties;
  return { ...Object.fromEntries(inner), ...(named ? { additionalProperties: false } : {}) };
}
