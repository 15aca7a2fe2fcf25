import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeReturnTo } from '../../src/http/return-to.ts';
import { anyText, characters, pieces, runs } from './arbitraries.ts';

const origins = {
  base: 'http://localhost:3000',
  trusted: ['https://app.example.com', 'http://127.0.0.1:5173'],
};
const known = [origins.base, ...origins.trusted];

const HOSTILE = [
  ...[
    '/',
    '//',
    '\\',
    '@',
    ':',
    '.',
    '..',
    '?',
    '#',
    '%',
    '%2f',
    '%5c',
    '%5C',
    '%00',
    '%09',
    '%0d',
  ],
  ...[
    '%e2%80%a8',
    '\t',
    '\n',
    '\r',
    ' ',
    '\u3000',
    '\ufeff',
    '\u00ad',
    '\u2044',
    '\uff0f',
    '\u3002',
  ],
  ...[
    'evil.example',
    'javascript:',
    'data:',
    'blob:',
    'file:',
    'http:',
    'https:',
    'http://',
    '[::1]',
  ],
  ...['localhost:3000', 'app.example.com', 'user:pass@', '127.1:5173', '\ud800', 'é', ...known],
];
const hostile = fc.oneof(pieces(...HOSTILE), anyText(...HOSTILE));
const long = fc
  .tuple(
    pieces(...HOSTILE),
    fc.constantFrom('a', 'é', '\u{1f511}', '%41', '/'),
    fc.nat({ max: 2050 }),
  )
  .map(([start, char, times]) => `/${start}${char.repeat(times)}`);

const NEAR = ['@evil.example', '.evil.example', '1', ':1', '\\@evil.example', '//evil.example'];

describe('where a form leads to', () => {
  it('is a path of this site or an address of a trusted origin, as a browser reads it', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, long), (value) => {
        const target = safeReturnTo(value, origins);
        // Safe as a header, and short enough for one.
        expect(target).toMatch(/^[!-[\]-~]{1,2048}$/);
        expect(known).toContain(new URL(target, origins.base).origin);
        // A path stays one whatever page it stands on.
        const elsewhere = new URL(target, 'https://elsewhere.example/a/b').origin;
        const own = target.startsWith('/') ? ['https://elsewhere.example'] : origins.trusted;
        expect(own).toContain(elsewhere);
      }),
      runs(5000),
    );
  });

  it('is the same when it is read again', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, long), (value) => {
        const target = safeReturnTo(value, origins);
        expect(safeReturnTo(target, origins)).toBe(target);
      }),
      runs(5000),
    );
  });

  it('is what was asked for, when that is a plain path or a trusted address', () => {
    const path = fc.webPath().map((text) => new URL(origins.base + text).pathname);
    const query = fc.webQueryParameters().map((text) => new URL(`${origins.base}?${text}`).search);
    const doubtful = /%(?:[01][0-9a-f]|5c|7f)|^\/\//i;
    fc.assert(
      fc.property(fc.constantFrom('', ...origins.trusted), path, query, (origin, at, search) => {
        fc.pre(!doubtful.test(at) && !doubtful.test(search));
        const asked = origin + at + search;
        expect(safeReturnTo(asked, origins)).toBe(asked);
      }),
      runs(1000),
    );
  });

  it('is never another origin, however near its name', () => {
    const near = fc
      .tuple(
        fc.constantFrom(...known),
        fc.oneof(fc.constantFrom(...NEAR), characters(2), pieces(...HOSTILE)),
        fc.constantFrom(0, 0, 1, 2, 5, 9, 14, 30),
      )
      .map(([origin, more, at]) => {
        const cut = Math.max(0, origin.length - at);
        return origin.slice(0, cut) + more + origin.slice(cut);
      });
    fc.assert(
      fc.property(near, (value) => {
        const target = new URL(safeReturnTo(value, origins), origins.base);
        expect(known).toContain(target.origin);
      }),
      runs(3000),
    );
  });
});
