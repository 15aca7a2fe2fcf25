import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressSubject } from '../../src/limits/address.ts';
import { runtime } from '../support/runtime.ts';
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

describe.runIf(runtime.name === 'node')('the address of a client', async () => {
  // Workers know no sockets, and so no proxies.
  const node = runtime.name === 'node' ? await import('../../src/node/client-address.ts') : null;
  const { clientAddressOf, parseProxies } = node ?? ({} as never);

  const proxies = node && parseProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8', '::1']);
  const proxy = fc.oneof(
    fc.nat({ max: 0xff_ffff }).map(
      (n) =>
        `10.${dotted(n >> 16, n & 0xffff)
          .split('.')
          .slice(1)
          .join('.')}`,
    ),
    fc.constantFrom('192.0.2.7', '::1', 'fd12::34', '::ffff:10.1.2.3', '0:0:0:0:0:0:0:1'),
  );
  const stranger = fc.oneof(
    fc.nat({ max: 0xffff }).map((n) => dotted(0xcb00, n)),
    fc.constantFrom('2001:db8::1', '192.0.2.8', '::2', 'fe80::1', 'fe80::1%eth0'),
  );
  const hops = fc.array(fc.oneof(proxy, stranger, anyText('10.0.0.1', '::1', '_x')), {
    maxLength: 4,
  });
  const space = fc.constantFrom('', ' ', '  ', '\t');
  const plain = (address: string) => address.replace(/^::ffff:(?=[\d.]+$)/, '');

  it('is the last hop that is no proxy of ours, whatever stands before it', () => {
    fc.assert(
      fc.property(
        hops,
        stranger,
        fc.array(proxy, { minLength: 1, maxLength: 4 }),
        space,
        (made, client, ours, gap) => {
          const chain = [...made.map((hop) => hop.replaceAll(',', '')), client, ...ours];
          const peer = chain.pop();
          const header = chain.join(`,${gap}`);
          expect(clientAddressOf(peer, header, proxies ?? ({} as never))).toBe(client);
        },
      ),
      runs(1000),
    );
  });

  it('is that of the peer when the peer is a stranger', () => {
    fc.assert(
      fc.property(stranger, fc.option(hops, { nil: undefined }), (peer, made) => {
        expect(clientAddressOf(peer, made?.join(','), proxies ?? ({} as never))).toBe(peer);
      }),
      runs(500),
    );
  });

  it('is the peer or one of the hops, or not known, for any header', () => {
    const header = fc.option(
      fc.oneof(
        hops.map((all) => all.join(',')),
        anyText(',', '::1', '10.0.0.1'),
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(
        fc.option(fc.oneof(proxy, stranger), { nil: undefined }),
        header,
        (peer, text) => {
          const found = clientAddressOf(peer, text, proxies ?? ({} as never));
          const named = [peer ?? null, ...(text ?? '').split(',').map((hop) => hop.trim())];
          expect(named.map((hop) => hop && plain(hop))).toContain(found);
        },
      ),
      runs(1000),
    );
  });

  it('is by ranges that are addresses with a length, and anything else stops the start', () => {
    const length = fc.oneof(
      fc.nat({ max: 140 }).map(String),
      fc.constantFrom('', '-1', '1.5', 'x', '8/8'),
    );
    fc.assert(
      fc.property(
        fc.oneof(ipv4, fc.ipV6(), anyText('.', ':')),
        fc.option(length),
        (address, bits) => {
          const valid = /^[0-9.]+$/.test(address) ? 32 : 128;
          const fits = bits === null || (/^\d+$/.test(bits) && Number(bits) <= valid);
          const isAddress = URL.canParse(
            valid === 32 ? `http://${address}` : `http://[${address}]`,
          );
          try {
            parseProxies([bits === null ? address : `${address}/${bits}`]);
            expect(fits).toBe(true);
          } catch (error) {
            expect((error as Error).name).toBe('SettingError');
            expect(fits && isAddress).toBe(false);
          }
        },
      ),
      runs(1000),
    );
  });
});
