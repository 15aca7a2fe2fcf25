import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bcryptInput, formatHash, parseHash } from '../../src/passwords/format.ts';
import { runtime } from '../support/runtime.ts';
import { anyText, characters, insteadOf, runs } from './arbitraries.ts';

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const base64 = (length: number) =>
  fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: length, maxLength: length });
const cost = fc.integer({ min: 4, max: 20 });
const salt = fc.tuple(base64(21), fc.constantFrom(...'.Oeu')).map((parts) => parts.join(''));
const hash = fc.record({ cost, salt, digest: base64(31) });

describe('a stored hash', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(hash, (parts) => {
        expect(parseHash(formatHash(parts))).toEqual({ kind: 'bcrypt-sha256', ...parts });
      }),
      runs(500),
    );
  });

  it('of another system is read too', () => {
    fc.assert(
      fc.property(hash, fc.constantFrom('2a', '2b', '2y'), (parts, version) => {
        const factor = String(parts.cost).padStart(2, '0');
        const text = `$${version}$${factor}$${parts.salt}${parts.digest}`;
        expect(parseHash(text)).toEqual({ kind: 'bcrypt', ...parts });
      }),
      runs(300),
    );
  });

  it('is one that can be written again, or is none, for any text', () => {
    const changed = hash.chain((parts) => {
      const text = formatHash(parts);
      return fc
        .nat({ max: text.length - 1 })
        .chain((at) =>
          insteadOf(text.charAt(at)).map((char) => text.slice(0, at) + char + text.slice(at + 1)),
        );
    });
    const odd = anyText('$', '$2b$', '$bcrypt-sha256$', 'v=2,t=2b,r=', '10', '99', '.'.repeat(22));
    fc.assert(
      fc.property(fc.oneof(changed, odd), (text) => {
        const read = parseHash(text);
        if (read === null) return;
        expect(read.cost >= 4 && read.cost <= 20).toBe(true);
        expect(parseHash(formatHash(read))).toEqual({ ...read, kind: 'bcrypt-sha256' });
      }),
      runs(2000),
    );
  });

  it('is made from all of a password: no two give bcrypt the same, none is cut or ends early', () => {
    const password = fc.oneof(
      characters(),
      characters(20).map((text) => text.repeat(9)),
    );
    const more = fc.constantFrom('', '\0', 'a', '\0a');
    fc.assert(
      fc.property(
        password,
        fc.oneof(password, more),
        fc.boolean(),
        salt,
        (one, end, longer, salted) => {
          const other = longer ? one + end : end;
          const [a, b] = [one, other].map((text) =>
            bcryptInput(text, { kind: 'bcrypt-sha256', salt: salted }),
          );
          expect(a === b).toBe(one === other);
          expect(a).toMatch(/^[A-Za-z0-9+/]{43}=$/);
        },
      ),
      runs(500),
    );
  });

  it('is no password of anybody when it is malformed, and checking one does not throw', async () => {
    const { createPasswords } = await import('../../src/passwords/passwords.ts');
    const passwords = createPasswords({ bcrypt: runtime.bcrypt, gate: runtime.gate, cost: 4 });
    const broken = anyText('$', '$2b$04$', '.'.repeat(53)).filter(
      (text) => parseHash(text) === null,
    );
    await fc.assert(
      fc.asyncProperty(characters(), broken, async (password, stored) => {
        expect(await passwords.verify(password, stored, [])).toMatchObject({
          ok: true,
          matches: false,
        });
      }),
      runs(50),
    );
  });
});
