import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressSubject } from '../../src/limits/address.ts';
import { anyText, runs } from './arbitraries.ts';

const group = fc.oneof(fc.constantFrom(0, 0, 1, 0xffff), fc.nat({ max: 0xffff }));
const groups = (length: number) => fc.array(group, { minLength: length, maxLength: length });
const ipv4 = fc.ipV4();

/** The last two groups as an IPv4 address stands in them. */
const dotted = (high = 0, low = 0) => [high >> 8, high & 255, low >> 8, low & 255].join('.');

interface Style {
  upper: boolean;
  padded: boolean;
  dotted: boolean;
  /** Which run of zeros becomes `::`. */
  run: number;
  zone: string;
}

const style: fc.Arbitrary<Style> = fc.record({
  upper: fc.boolean(),
  padded: fc.boolean(),
  dotted: fc.boolean(),
  run: fc.nat({ max: 8 }),
  zone: fc.constantFrom('', '', '%eth0', '%1'),
});

/** One of the many notations of an IPv6 address (RFC 4291 section 2.2). */
function notation(address: number[], { upper, padded, dotted: end, run, zone }: Style): string {
  const words = address.map((value) => value.toString(16).padStart(padded ? 4 : 1, '0'));
  if (end) words.splice(6, 2, dotted(address[6], address[7]));
  const zero = (word: string | undefined) => word !== undefined && /^0+$/.test(word);
  let length = 0;
  while (zero(words[run + length])) length += 1;
  const text =
    length === 0
      ? words.join(':')
      : `${words.slice(0, run).join(':')}::${words.slice(run + length).join(':')}`;
  return (upper ? text.toUpperCase() : text) + zone;
}

const isMapped = (address: number[]) =>
  address.slice(0, 5).every((value) => value === 0) && address[5] === 0xffff;

describe('what an address is counted as', () => {
  it('is one for a /64, in every notation, and another for another', () => {
    fc.assert(
      fc.property(
        groups(4),
        groups(4),
        fc.nat({ max: 3 }),
        style,
        style,
        (network, rest, at, a, b) => {
          const [one, same] = [
            [...network, ...rest],
            [...network, ...[...rest].reverse()],
          ];
          const other = one.map((value, i) => (i === at ? value ^ 1 : value));
          fc.pre(!isMapped(one) && !isMapped(same) && !isMapped(other));
          const subject = addressSubject(notation(one, a));
          expect(addressSubject(notation(same, b))).toBe(subject);
          expect(addressSubject(notation(other, b))).not.toBe(subject);
        },
      ),
      runs(2000),
    );
  });

  it('is the IPv4 address, also inside IPv6, in every notation', () => {
    fc.assert(
      fc.property(groups(2), style, ([high = 0, low = 0], how) => {
        const address = dotted(high, low);
        expect(addressSubject(address)).toBe(address);
        expect(addressSubject(notation([0, 0, 0, 0, 0, 0xffff, high, low], how))).toBe(address);
      }),
      runs(1000),
    );
  });

  it('is something for anything', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, fc.ipV6(), anyText(':', '::', '.', '%', 'ffff')), (address) => {
        expect(addressSubject(address)).toEqual(expect.any(String));
      }),
      runs(1000),
    );
  });
});
