import { toJsonSchema } from '@valibot/to-json-schema';
import { describe, expect, it } from 'vitest';
import * as bodies from '../../src/accounts/input.ts';
import { admin } from '../support/accounts.ts';
import type { Answer } from '../support/client.ts';
import { operationsOf, served } from '../support/openapi.ts';
import { login } from '../support/requests.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

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
  'POST /auth/email/verify': bodies.UsedLink,
  'POST /admin/users': bodies.Invited,
  'PATCH /admin/users/{id}': bodies.Administered,
};

/** The routes that change something, and what asks them as an admin. */
async function scene(env: Record<string, string> = {}) {
  const limits = { LIMIT_LOGIN_ADDRESS: '1000/1h', LIMIT_REGISTER: '1000/1h', ...env };
  const { app, document } = await served({ env: limits });
  const operations = Object.entries(operationsOf(document)).filter(([, { requestBody }]) =>
    Boolean(requestBody),
  );
  const root = app.client();
  if (env.REGISTRATION === undefined) {
    await admin(app);
    expect((await login(root, { email: 'root@example.com' })).status).toBe(200);
  }
  const ask = (route: string, sent: object): Promise<Answer> => {
    const [method = '', path = ''] = route.split(' ');
    return root.copy().request(method, path.replace('{id}', 'none'), sent);
  };
  return { document, operations, ask };
}

const bodyOf = (told: Json, type: string) => told.requestBody.content[type]?.schema;

const fieldsOf = ({ json }: Answer, code: string): string[] =>
  json.errors
    .filter((error: Json) => error.code === code)
    .map(({ path }: Json) => path.split('.')[0])
    .sort();

describe('the bodies that the document tells of', () => {
  it('are those that the server checks, as another program reads its schemas', async () => {
    const { operations } = await scene();
    const told = operations.filter(([, { requestBody }]) => requestBody.content[JSON_TYPE]);
    expect(told.map(([route]) => route).sort()).toEqual(
      [...Object.keys(SCHEMAS), 'PATCH /auth/session/data'].sort(),
    );
    for (const [route, schema] of Object.entries(SCHEMAS)) {
      const read = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' });
      const { properties, required } = bodyOf(Object.fromEntries(operations)[route], JSON_TYPE);
      expect(required, route).toEqual(read.required);
      expect(properties, route).toMatchObject(normal(read.properties));
      expect(Object.keys(properties), route).toEqual(Object.keys(read.properties ?? {}));
    }
  });

  it('have the fields that the server knows, and no other', async () => {
    const { operations, ask } = await scene();
    for (const [route, told] of operations) {
      const schema = bodyOf(told, JSON_TYPE);
      if (!schema?.properties) continue;
      const names = Object.keys(schema.properties);
      const json = Object.fromEntries([...names, 'role'].map((name) => [name, { no: 'type' }]));
      const answer = await ask(route, { json });
      expect(fieldsOf(answer, 'unknown_key'), route).toEqual(['role']);
      expect([...new Set(fieldsOf(answer, 'invalid_type'))], route).toEqual(names.sort());
    }
  });

  it('need the fields that the server needs', async () => {
    const { operations, ask } = await scene();
    for (const [route, told] of operations) {
      const schema = bodyOf(told, JSON_TYPE);
      if (!schema?.properties) continue;
      const needed = [...schema.required, ...((schema.anyOf ?? schema.oneOf) ? ['email'] : [])];
      const answer = await ask(route, { json: {} });
      const missing = answer.status === 400 ? fieldsOf(answer, 'required') : [];
      expect(missing, route).toEqual(needed.sort());
    }
  });

  it.each([{}, { REGISTRATION: 'verified' }])(
    'are forms where the server takes forms: %j',
    async (env) => {
      const { operations, ask } = await scene(env);
      for (const [route, told] of operations) {
        const schema = bodyOf(told, FORM_TYPE);
        if (!schema) {
          if (env.REGISTRATION === undefined) {
            expect((await ask(route, { form: { a: 'b' } })).status, route).toBe(415);
          }
          continue;
        }
        const form = Object.fromEntries(
          [...Object.keys(schema.properties), 'role'].map((n) => [n, 'x']),
        );
        const { status, text } = await ask(route, { form });
        expect(status, route).toBe(400);
        expect(text.match(/\w+: This field is not known here/g), route).toEqual([
          'role: This field is not known here',
        ]);
      }
    },
  );

  it('of a login names one of the two', async () => {
    const { document } = await scene();
    const { schema } = document.paths['/auth/login'].post.requestBody.content[JSON_TYPE];
    expect(schema.oneOf).toEqual([{ required: ['email'] }, { required: ['username'] }]);
  });
});

/** `anyOf` a type and null is a list of types, as the document writes it. */
function normal(properties: Json): Json {
  const entries = Object.entries<Json>(properties).map(([name, { anyOf, ...rest }]) => {
    if (!anyOf) return [name, rest];
    const [one] = anyOf;
    return [name, { ...one, ...rest, type: [one.type, 'null'] }];
  });
  return Object.fromEntries(entries);
}
