import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networksOf } from '../../src/limits/address.ts';
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

const carriesIpv4 = (address: number[]) =>
  ['0,0,0,0,0,65535', '100,65435,0,0,0,0'].includes(address.slice(0, 6).join());

const namesOf = (address: string) => networksOf(address).map(({ name }) => name);

describe('the networks that an address is counted in', () => {
  it('are its /64, /56 and /48, in every notation, with room for more', () => {
    fc.assert(
      fc.property(groups(8), style, style, fc.nat({ max: 127 }), (one, a, b, bit) => {
        const at = Math.floor(bit / 16);
        const other = one.map((value, i) => (i === at ? value ^ (0x8000 >> (bit % 16)) : value));
        fc.pre(!carriesIpv4(one) && !carriesIpv4(other));
        const networks = networksOf(notation(one, a));
        expect(networks.map(({ times }) => times)).toEqual([1, 4, 16]);
        expect(networksOf(notation(one, b))).toEqual(networks);
        // Another address has those networks in common whose bits are the same.
        const names = networks.map(({ name }) => name);
        const others = namesOf(notation(other, b));
        expect(names.map((name, i) => name === others[i])).toEqual([bit > 63, bit > 55, bit > 47]);
      }),
      runs(2000),
    );
  });

  it('are the IPv4 address alone, also inside IPv6, in every notation', () => {
    fc.assert(
      fc.property(groups(2), style, ([high = 0, low = 0], how) => {
        const address = dotted(high, low);
        const alone = [{ name: address, times: 1 }];
        expect(networksOf(address)).toEqual(alone);
        expect(networksOf(notation([0, 0, 0, 0, 0, 0xffff, high, low], how))).toEqual(alone);
        expect(networksOf(notation([0x64, 0xff9b, 0, 0, 0, 0, high, low], how))).toEqual(alone);
      }),
      runs(1000),
    );
  });

  it('are something for anything', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, fc.ipV6(), anyText(':', '::', '.', '%', 'ffff')), (address) => {
        for (const name of namesOf(address)) expect(name).toEqual(expect.any(String));
      }),
      runs(1000),
    );
  });
});
