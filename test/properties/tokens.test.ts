import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSessionCookie } from '../../src/session/cookie.ts';
import { createTokens } from '../../src/session/token.ts';
import { anyText, characters, insteadOf, pieces, runs, units } from './arbitraries.ts';

const SECRETS = ['a first secret of 32 characters or more', 'a second secret of the same length'];
const tokens = createTokens(SECRETS);

/** Any text of up to 128 characters, as an import may bring it. */
const userId = fc
  .oneof(
    fc.uuid(),
    fc.string({ minLength: 1 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 128 }),
    fc.constantFrom('\u{10ffff}'.repeat(128), '.', '%', '%00', "!~*'()", 'a.b.c.d', '\0'),
  )
  .filter((id) => id.isWellFormed());
const owner = fc.option(userId);

describe('a token', () => {
  it('says what it was made for, whatever the id of its owner', () => {
    fc.assert(
      fc.property(owner, (id) => {
        const { text, token } = tokens.issue(id);
        expect(tokens.read(text)).toEqual(token);
        expect(token.userId).toBe(id);
        expect(text).toMatch(/^[\w.!~*'()%-]{111,2048}$/);
      }),
      runs(500),
    );
  });

  it('keeps its id when it is renewed, and nothing else', () => {
    fc.assert(
      fc.property(owner, (id) => {
        const old = tokens.issue(id);
        const next = tokens.issue(id, old.token.id);
        expect(next.token.id).toBe(old.token.id);
        expect(next.token.digest).not.toBe(old.token.digest);
        expect(tokens.read(next.text)).toEqual(next.token);
      }),
      runs(100),
    );
  });

  it('is refused when one character is another, is missing, is new or has moved', () => {
    const { text } = tokens.issue('ada.%');
    const change = fc.nat({ max: text.length - 1 }).chain((at) => {
      const [before, char, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
      return fc.oneof(
        insteadOf(char).map((other) => before + other + after),
        characters(1).map((more) => before + more + char + after),
        fc.constant(before + after),
        fc.constant(before + after.charAt(0) + char + after.slice(1)),
      );
    });
    fc.assert(
      fc.property(
        change.filter((changed) => changed !== text),
        (changed) => {
          expect(tokens.read(changed)).toBeNull();
        },
      ),
      runs(3000),
    );
  });

  it('is refused when its parts are those of two tokens', () => {
    const parts = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(owner, owner, parts, (one, other, from) => {
        const [a, b] = [tokens.issue(one).text.split('.'), tokens.issue(other).text.split('.')];
        const [c, d] = [join(a), join(b)];
        const mixed = from.map((second, i) => (second ? d[i] : c[i])).join('.');
        const whole = [c.join('.'), d.join('.')];
        expect(tokens.read(mixed) === null).toBe(!whole.includes(mixed));
      }),
      runs(500),
    );
  });

  it('is one of ours or none, for any text, and reading it never throws', () => {
    const text = fc.oneof(anyText('.', '%', '%ff', 'A'.repeat(22), 'A'.repeat(43)), units);
    fc.assert(
      fc.property(text, (value) => {
        expect(tokens.read(value)).toBeNull();
      }),
      runs(2000),
    );
  });

  it('counts by the secrets that there are, whichever of them signed it', () => {
    const secret = fc.string({ unit: 'binary', minLength: 32, maxLength: 40 });
    const secrets = fc.uniqueArray(secret, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(secrets, fc.nat(), owner, (all, n, id) => {
        const signer = all[n % all.length] ?? '';
        const { text, token } = createTokens([signer]).issue(id);
        expect(createTokens(all).read(text)).toEqual(token);
        expect(createTokens(all.filter((one) => one !== signer)).read(text)).toBeNull();
      }),
      runs(200),
    );
  });
});

/** The owner may hold dots; the parts before it do not. */
const join = (parts: string[]) => [...parts.slice(0, 3), parts.slice(3).join('.')];

const mode = 'same-site' as const;
const scope = fc.constantFrom(
  { stem: 'gatehouse', secure: false, domain: null, mode },
  { stem: 'gatehouse', secure: true, domain: null, mode },
  { stem: 'gatehouse', secure: true, domain: 'example.com', mode },
);

/** Cookies of others: names that are none of ours, however near. */
const foreign = fc
  .tuple(
    fc.constantFrom(
      'a',
      'gatehousf',
      'xgatehouse',
      'gatehouse2',
      'Gatehouse',
      '\tgatehouse',
      '  gatehouse',
      '\u00a0gatehouse',
      '\u2003__Host-gatehouse',
      '__%48ost-gatehouse',
      'gateh%6Fuse',
      '__host-gatehouse',
      '__Http-gatehouse',
      'gatehouse ',
      '',
    ),
    fc
      .oneof(fc.string(), pieces('gatehouse', '=', '__Host-gatehouse'))
      .map((text) => text.replaceAll(';', '')),
  )
  .map(([name, value]) => `${name}=${value}`);

describe('the session cookie', () => {
  it('is found among any others, once for each time that it is there', () => {
    const values = fc.array(fc.tuple(fc.nat({ max: 9 }), owner), { maxLength: 3 });
    fc.assert(
      fc.property(scope, fc.array(foreign, { maxLength: 6 }), values, (where, others, own) => {
        const cookie = createSessionCookie(where);
        const pairs = others.filter((pair) => !pair.startsWith(`${cookie.name}=`));
        const sent = own.map(([, id]) => tokens.issue(id).text);
        own.forEach(([at], i) => {
          pairs.splice(at, 0, `${cookie.name}=${sent[i]}`);
        });
        expect(cookie.read(pairs.join('; ')).sort()).toEqual([...sent].sort());
      }),
      runs(1000),
    );
  });

  it('is what its `Set-Cookie` says, on one line', () => {
    const life = fc.option(fc.double({ min: 0, max: 4e10, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(scope, owner, life, (where, id, maxAge) => {
        const cookie = createSessionCookie(where);
        const { text } = tokens.issue(id);
        const line = cookie.set(text, maxAge);
        expect(line).toMatch(/^[!-~ ]+$/);
        const [pair = '', ...attributes] = line.split('; ');
        expect(cookie.read(pair)).toEqual([text]);
        const expected = ['Path=/', 'HttpOnly', 'SameSite=Lax'];
        if (where.secure) expected.push('Secure');
        if (where.domain !== null) expected.push(`Domain=${where.domain}`);
        if (maxAge !== undefined) expected.push(`Max-Age=${Math.floor(maxAge / 1000)}`);
        expect(attributes.sort()).toEqual(expected.sort());
      }),
      runs(300),
    );
  });

  it('is a part of the header that stands there as it is, for any header', () => {
    const header = anyText(
      'gatehouse=',
      '__Host-gatehouse=',
      '__Secure-gatehouse=',
      '=',
      ';',
      '; ',
    );
    fc.assert(
      fc.property(scope, header, (where, text) => {
        const cookie = createSessionCookie(where);
        for (const value of cookie.read(text)) {
          expect(`;${text};`.replaceAll('; ', ';')).toContain(`;${cookie.name}=${value};`);
        }
      }),
      runs(2000),
    );
  });
});
