import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddressOf, parseProxies } from '../../src/node/client-address.ts';
import { anyText, runs } from '../properties/arbitraries.ts';

const ipv4 = fc.ipV4();
const dotted = (high = 0, low = 0) => [high >> 8, high & 255, low >> 8, low & 255].join('.');

describe('the address of a client', () => {
  const proxies = parseProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8', '::1']);
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
  const plain = (hop: string) =>
    hop.replace(/^\[(.*)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3').replace(/^::ffff:(?=[\d.]+$)/, '');

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
