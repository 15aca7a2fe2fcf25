import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { origin } from '../../src/settings.ts';
import { anyText, runs } from './arbitraries.ts';
import { read } from './reading.ts';

describe('an origin', () => {
  it('is what a browser sends as `Origin`, read from any spelling of it', () => {
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((ip) => `[${ip}]`),
      fc.constant('localhost'),
    );
    const port = fc.option(fc.integer({ min: 1, max: 65_535 }));
    const scheme = fc.constantFrom('http://', 'https://', 'HTTPS://');
    fc.assert(
      fc.property(scheme, host, port, fc.constantFrom('', '/'), (start, name, number, end) => {
        const text = start + name.toUpperCase() + (number === null ? '' : `:${number}`) + end;
        const expected = new URL(text).origin;
        expect(origin(text)).toBe(expected);
        expect(origin(expected)).toBe(expected);
      }),
      runs(1000),
    );
  });

  it('has no path, query, name or password, whatever it is read from', () => {
    const text = fc
      .tuple(
        fc.constantFrom('http://', 'https://', 'http:/', 'ftp://', '//', ''),
        fc.constantFrom(
          'a.example',
          'user:hunter2@a.example',
          'a.example:80',
          '[::1]',
          'a_b',
          'é.example',
        ),
        fc.constantFrom('', '/', '/path', '?query', '#hash', '\\', '//', ' ', ':99999'),
        anyText('/', '?', '#', '@', '\\'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (value) => {
        const found = read(origin, value);
        if (found === undefined) return;
        expect(found).toMatch(/^https?:\/\/[^/?#@\\\s]+$/);
        expect(new URL(found).origin).toBe(found);
        expect(value.replace(/^https?:\/\//i, '')).not.toMatch(/[?#@\\]|\/./);
      }),
      runs(2000),
    );
  });

  it('is refused without the password that it was given', () => {
    const password = fc.stringMatching(/^[a-z0-9]{12,20}$/);
    fc.assert(
      fc.property(password, fc.constantFrom('http', 'https', 'ftp'), (secret, scheme) => {
        try {
          origin(`${scheme}://user:${secret}@host.example`);
        } catch (error) {
          expect(String(error)).not.toContain(secret);
          return;
        }
        throw new Error('accepted');
      }),
      runs(100),
    );
  });
});
