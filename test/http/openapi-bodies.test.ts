import { toJsonSchema } from '@valibot/to-json-schema';
import { describe, expect, it } from 'vitest';
import * as bodies from '../../src/accounts/input.ts';
import { admin } from '../support/accounts.ts';
import type { Answer } from '../support/client.ts';
import { formsOf, operationsOf, served } from '../support/openapi.ts';
import { login } from '../support/requests.ts';

const JSON_TYPE = 'application/json';

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
type Json = any;

/** What checks the body of a route. */
const SCHEMAS = {
  'POST /auth/register': bodies.Registration,
  'POST /auth/login': bodies.Credentials,
  'POST /auth/reauthenticate': bodies.Proof,
  'PATCH /auth/user': bodies.Profile,
  'DELETE /auth/user': bodies.Proof,
  'POST /auth/password': bodies.NewPassword,
  'POST /auth/email': bodies.NewEmail,
  'POST /auth/password/forgot': bodies.NewEmail,
  'POST /auth/password/reset': bodies.ResetByLink,
  'POST /auth/email/verify': bodies.VerifyLink,
  'POST /admin/users': bodies.Invited,
  'PATCH /admin/users/{id}': bodies.Administered,
};

/** The routes that change something, and what asks them as an admin. */
async function scene(env: Record<string, string> = {}) {
  const limits = { LIMIT_LOGIN_ADDRESS: '1000/1h', LIMIT_REGISTER: '1000/1h', ...env };
  const { app, document } = await served({ env: limits });
  const routes = Object.keys(operationsOf(document));
  const bodies = Object.entries(operationsOf(document))
    .filter(([, { requestBody }]) => requestBody)
    .map(([route, { requestBody }]): [string, Json] => [route, bodyOf(requestBody)]);
  const root = app.client();
  if (env.REGISTRATION === undefined) {
    await admin(app);
    expect((await login(root, { email: 'root@example.com' })).status).toBe(200);
  }
  const ask = (route: string, sent: object): Promise<Answer> => {
    const [method = '', path = ''] = route.split(' ');
    return root.copy().request(method, path.replace('{id}', 'none'), sent);
  };
  return { app, routes, bodies, ask };
}

/**
 * The schema of a JSON body. Of one that is either of several, everything that it can name, and
 * what all of them need.
 */
function bodyOf({ content }: Json): Json {
  expect(Object.keys(content)).toEqual([JSON_TYPE]);
  const { schema } = content[JSON_TYPE];
  if (!schema.oneOf) return schema;
  const [first, ...others]: Json[] = schema.oneOf;
  for (const one of schema.oneOf) {
    expect(one).toMatchObject({ type: 'object', additionalProperties: false });
  }
  const all: Json = Object.assign({}, ...schema.oneOf.map(({ properties }: Json) => properties));
  const required = first.required.filter((name: string) =>
    others.every((other) => other.required.includes(name)),
  );
  return { ...first, properties: all, required, either: true };
}

const fieldsOf = ({ json }: Answer, code: string): string[] =>
  json.errors
    .filter((error: Json) => error.code === code)
    .map(({ path }: Json) => path.split('.')[0])
    .sort();

describe('the bodies that the document tells of', () => {
  it('are those that the server checks, as another program reads its schemas', async () => {
    const { bodies } = await scene();
    expect(bodies.map(([route]) => route).sort()).toEqual(
      [...Object.keys(SCHEMAS), 'PATCH /auth/session/data'].sort(),
    );
    for (const [route, schema] of Object.entries(SCHEMAS)) {
      const read = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' });
      const { properties, required } = Object.fromEntries(bodies)[route];
      expect(required, route).toEqual(read.required);
      expect(properties, route).toMatchObject(normal(read.properties));
      expect(Object.keys(properties).sort(), route).toEqual(
        Object.keys(read.properties ?? {}).sort(),
      );
    }
  });

  it('have the fields that the server knows, and no other', async () => {
    const { bodies, ask } = await scene();
    for (const [route, { properties }] of bodies) {
      if (!properties) continue;
      const names = Object.keys(properties);
      const json = Object.fromEntries([...names, 'role'].map((name) => [name, { no: 'type' }]));
      const answer = await ask(route, { json });
      expect(fieldsOf(answer, 'unknown_key'), route).toEqual(['role']);
      expect([...new Set(fieldsOf(answer, 'invalid_type'))], route).toEqual(names.sort());
    }
  });

  it('need the fields that the server needs', async () => {
    const { bodies, ask } = await scene();
    for (const [route, { properties, required, either }] of bodies) {
      if (!properties) continue;
      const needed = [...required, ...(either ? ['email'] : [])];
      const answer = await ask(route, { json: {} });
      const missing = answer.status === 400 ? fieldsOf(answer, 'required') : [];
      expect(missing, route).toEqual(needed.sort());
    }
  });

  it.each([{}, { REGISTRATION: 'verified' }])(
    'are forms where the server takes forms, as /docs says: %j',
    async (env) => {
      const { app, routes, ask } = await scene(env);
      const forms = await formsOf(app);
      expect(Object.keys(forms).length).toBeGreaterThan(5);
      for (const route of routes.filter((route) => !route.startsWith('GET'))) {
        const names = forms[route];
        if (!names) {
          if (!env.REGISTRATION) {
            const { status } = await ask(route, { form: { a: 'b' } });
            expect(status, route).toBe(415);
          }
          continue;
        }
        const form = Object.fromEntries([...names, 'role'].map((name) => [name, 'x']));
        const { status, text } = await ask(route, { form });
        expect(status, route).toBe(400);
        expect(text.match(/\w+: This field is not known here/g), route).toEqual([
          'role: This field is not known here',
        ]);
      }
    },
  );

  it.each([
    ['POST /auth/login', [['email'], ['username']]],
    ['POST /auth/register', [['email', 'username'], ['username']]],
    ['POST /admin/users', [['email', 'username'], ['username']]],
  ])('of %s are whole objects that leave no doubt who is named', async (route, names) => {
    const { document } = await served();
    const { schema } = operationsOf(document)[route].requestBody.content[JSON_TYPE];
    const namedBy = schema.oneOf.map(({ properties }: Json) =>
      Object.keys(properties).filter((name) => name === 'email' || name === 'username'),
    );
    expect(namedBy).toEqual(names);
    expect(schema.oneOf.map(({ required }: Json) => required[0])).toEqual(['email', 'username']);
  });
});

/** As the document writes it: a list of types for what may be null, no default, no `\p{…}`. */
function normal(properties: Json): Json {
  const entries = Object.entries<Json>(properties).map(([name, property]) => {
    const { anyOf, default: _, ...rest } = property;
    const { pattern = '', ...one } = { ...anyOf?.[0], ...rest };
    const type = anyOf ? [one.type, 'null'] : one.type;
    return [name, { ...one, type, ...(pattern && !pattern.includes('\\p{') && { pattern }) }];
  });
  return Object.fromEntries(entries);
}
