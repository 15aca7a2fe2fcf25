import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { mergePatch } from '../../src/session/merge-patch.ts';
import {
  checkPatch,
  MAX_DATA_BYTES,
  MAX_DATA_KEYS,
  patched,
  RESERVED,
} from '../../src/session/session-data.ts';
import { characters, json, jsonObject, key, runs } from './arbitraries.ts';

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const written = (value: unknown) => JSON.parse(JSON.stringify(value));

/** RFC 7396 section 2, over lists of fields instead of objects. */
function model(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const fields = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) fields.delete(name);
    else fields.set(name, model(fields.get(name), value));
  }
  return Object.fromEntries(fields);
}

const MEMBERS = Reflect.ownKeys(Object.prototype).length;

afterEach(() => {
  expect(Reflect.ownKeys(Object.prototype)).toHaveLength(MEMBERS);
  expect(({} as Fields).polluted).toBeUndefined();
});

describe('a merge patch', () => {
  it('does what RFC 7396 says', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        expect(written(mergePatch(target, patch))).toEqual(written(model(target, patch)));
      }),
      runs(2000),
    );
  });

  it('leaves what it is given as it is', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const before = JSON.stringify([target, patch]);
        mergePatch(target, patch);
        expect(JSON.stringify([target, patch])).toBe(before);
      }),
      runs(1000),
    );
  });

  it('changes nothing more when it is applied twice', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const once = mergePatch(target, patch);
        expect(written(mergePatch(once, patch))).toEqual(written(once));
      }),
      runs(1000),
    );
  });

  it('gives no object a prototype and none a new member, whatever its keys', () => {
    const names = fc.constantFrom('__proto__', 'constructor', 'prototype', 'a', 'toString');
    const poison = fc
      .array(names, { minLength: 1, maxLength: 4 })
      .map((path) => path.reduceRight((inner, name) => `{"${name}":${inner}}`, '{"polluted":1}'))
      .map((text) => JSON.parse(text) as Fields);
    fc.assert(
      fc.property(fc.oneof(jsonObject, poison), fc.oneof(jsonObject, poison), (target, patch) => {
        const after = mergePatch(target, patch);
        expect(Object.getPrototypeOf(after)).toBeNull();
        expect(({} as Fields).polluted).toBeUndefined();
        expect(Reflect.ownKeys(Object.prototype)).toHaveLength(MEMBERS);
      }),
      runs(1000),
    );
  });
});

describe('session data', () => {
  it('is what was written when it is read again, within its limits, or is left alone', () => {
    const big = characters(3).chain((text) => fc.nat({ max: 3000 }).map((n) => text.repeat(n)));
    const many = fc.nat({ max: 60 }).map((n) => Array.from({ length: n }, (_, i) => [`k${i}`, i]));
    const patch = fc.oneof(
      jsonObject,
      fc.tuple(key, big).map(([name, value]) => ({ [name]: value })),
      many.map((fields) => Object.fromEntries(fields) as Fields),
    );
    const outcomes = { kept: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(patch, { maxLength: 4 }), (patches) => {
        let values: Fields = {};
        for (const change of patches) {
          if (checkPatch(change)) continue;
          const after = patched(values, change);
          const expected = written(model(values, change));
          const bytes = new TextEncoder().encode(JSON.stringify(expected)).length;
          const fits = bytes <= MAX_DATA_BYTES && Object.keys(expected).length <= MAX_DATA_KEYS;
          outcomes[after ? 'kept' : 'refused'] += 1;
          expect(after !== null).toBe(fits);
          if (after) expect(written(after)).toEqual(expected);
          values = after ?? values;
        }
      }),
      runs(1000),
    );
    expect(Math.min(outcomes.kept, outcomes.refused)).toBeGreaterThan(50);
  });

  it('takes a patch by its depth, its keys and its numbers alone', () => {
    const depth = fc.nat({ max: 60 });
    const leaf = fc.constantFrom('1', '"a"', 'null', '1e400', '-1e999', '{"__proto__":1}', '[]');
    const step = fc.constantFrom<[string, string]>(['{"a":', '}'], ['[', ']'], ['[0,', ']']);
    const first = fc.oneof(
      key,
      key.map((name) => RESERVED + name),
    );
    fc.assert(
      fc.property(first, depth, step, leaf, (name, levels, [open, close], inner) => {
        const value = open.repeat(levels) + inner + close.repeat(levels);
        const patch = JSON.parse(`{${JSON.stringify(name)}:${value}}`);
        const deepest = 1 + levels + (/[[{]/.test(inner) ? 1 : 0);
        const plain = !/e[49]|__proto__/.test(value) && name !== '__proto__' && deepest <= 32;
        expect(checkPatch(patch) === null).toBe(plain && !name.startsWith(RESERVED));
      }),
      runs(1000),
    );
  });
});
