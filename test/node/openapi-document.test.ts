import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { errorsOf, operationsOf, served, strict } from '../support/openapi.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
type Json = any;

/** A media type of a body or an answer, and where it stands. */
type Place = [at: string, { schema: Json; example?: Json; examples?: Json }];

// Not in workerd: the validator makes code as it goes.
describe('the document of /openapi.json', () => {
  it.each(['open', 'verified', 'closed'])('is OpenAPI 3.1: %s', async (REGISTRATION) => {
    const { document } = await served({ env: { REGISTRATION } });
    const validator = new Validator();
    const { valid, errors } = await validator.validate(document);
    expect(errors).toBeUndefined();
    expect([valid, validator.version]).toEqual([true, '3.1']);
  });

  it('has one media type a body: JSON, or a problem', async () => {
    const { document } = await served();
    for (const [route, { requestBody, responses }] of Object.entries(operationsOf(document))) {
      const types = Object.keys(requestBody?.content ?? {});
      if (types.length > 0) expect(types, route).toEqual(['application/json']);
      for (const [status, { content }] of Object.entries<Json>(responses)) {
        const type = status < '400' ? 'application/json' : 'application/problem+json';
        if (content) expect(Object.keys(content), `${route}: ${status}`).toEqual([type]);
      }
    }
    expect(document.paths['/auth/logout'].post).not.toHaveProperty('requestBody');
  });

  it('describes every operation, parameter and answer', async () => {
    const { document } = await served();
    const SENTENCE = /^[`A-Z].*\.$/;
    for (const [route, operation] of Object.entries(operationsOf(document))) {
      const { summary, description, parameters = [], responses } = operation;
      expect(summary, route).toMatch(/^[A-Z].*[^.]$/);
      const told: Json[] = [{ description }, ...parameters, ...Object.values(responses)];
      for (const one of told) {
        expect(one.description, `${route}: ${JSON.stringify(one)}`).toMatch(SENTENCE);
      }
    }
  });

  it('has an example of every body and answer, which its schema allows', async () => {
    const { document } = await served();
    const components = strict(document.components);
    for (const [at, { schema, example, examples }] of places(document)) {
      const values = examples
        ? Object.values<Json>(examples).map(
            ({ $ref }) => document.components.examples[$ref.split('/').pop()].value,
          )
        : [example];
      for (const value of values) {
        expect(value, at).toBeDefined();
        expect(errorsOf({ components, ...strict(schema) }, value), at).toEqual([]);
      }
    }
  });

  it('has an example of every text that is not one of a few', async () => {
    const { document } = await served();
    const bare: string[] = [];
    function look(schema: Json, at: string) {
      if (typeof schema !== 'object' || schema === null) return;
      const text = [schema.type].flat().includes('string');
      if (text && !schema.enum && schema.const === undefined && !schema.examples) bare.push(at);
      if (schema.examples) return;
      for (const [name, inner] of Object.entries(schema)) look(inner, `${at}.${name}`);
    }
    for (const [at, { schema }] of places(document)) look(schema, at);
    look(document.components.schemas, 'schemas');
    expect(bare).toEqual([]);
  });

  it('makes the codes of a status an enum', async () => {
    const { document } = await served();
    const { responses } = operationsOf(document)['POST /auth/login'];
    const { schema, examples } = responses[401].content['application/problem+json'];
    expect(schema.allOf[0]).toEqual({ $ref: '#/components/schemas/Problem' });
    expect(schema.allOf[1].properties).toEqual({
      status: { type: 'integer', const: 401 },
      code: { type: 'string', enum: ['invalid_credentials'] },
    });
    expect(Object.keys(examples)).toEqual(['invalid_credentials']);
  });

  it("says that a session may be nobody's, in one object, and that its data is any", async () => {
    const { document } = await served();
    const { CurrentSession } = document.components.schemas;
    expect(CurrentSession.required).toEqual(['user', 'session']);
    expect(CurrentSession.properties.user.oneOf).toEqual([
      { $ref: '#/components/schemas/User' },
      { type: 'null' },
    ]);
    const { responses } = operationsOf(document)['GET /auth/session/data'];
    const { schema } = responses[200].content['application/json'];
    expect(schema).toMatchObject({ type: 'object', additionalProperties: true });
  });
});

function places(document: Json): Place[] {
  return Object.entries(operationsOf(document)).flatMap(([route, { requestBody, responses }]) =>
    Object.entries<Json>({ body: requestBody, ...responses }).flatMap(([name, part]) =>
      Object.values<Json>(part?.content ?? {}).map((media): Place => [`${route}: ${name}`, media]),
    ),
  );
}
