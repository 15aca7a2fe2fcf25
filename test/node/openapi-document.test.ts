import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { served } from '../support/openapi.ts';

// Not in workerd: the validator makes code as it goes.
describe('the document of /openapi.json', () => {
  it.each(['open', 'verified', 'closed'])('is OpenAPI 3.1: %s', async (REGISTRATION) => {
    const { document } = await served({ env: { REGISTRATION } });
    const validator = new Validator();
    const { valid, errors } = await validator.validate(document);
    expect(errors).toBeUndefined();
    expect([valid, validator.version]).toEqual([true, '3.1']);
  });
});
