import { BlockList, isIP } from 'node:net';
import { SettingError } from '../settings.ts';

/** Addresses and ranges of proxies whose forwarded headers count. Throws a `SettingError`. */
export function parseProxies(list: readonly string[]): BlockList {
  const proxies = new BlockList();
  for (const entry of list) {
    const [address = '', prefix, ...rest] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const length = prefix === undefined ? null : Number(prefix);
    const valid = isIP(address) !== 0 && rest.length === 0 && /^\d*$/.test(prefix ?? '');
    if (!valid || prefix === '' || (length ?? 0) > (family === 'ipv6' ? 128 : 32)) {
      const problem = `${JSON.stringify(entry)} is no address or range such as 10.0.0.0/8 or ::1`;
      throw new SettingError('TRUST_PROXY', problem);
    }
    if (length === null) proxies.addAddress(address, family);
    else proxies.addSubnet(address, length, family);
  }
  return proxies;
}

/**
 * The address of the client: that of the peer, or, when the peer is a proxy of ours, the last hop of
 * `X-Forwarded-For` that is not. Hops before it are what a client may have made up. null: not known.
 */
export function clientAddressOf(
  peer: string | undefined,
  forwardedFor: string | undefined,
  proxies: BlockList,
): string | null {
  let address = peer === undefined ? null : plain(peer);
  for (const hop of (forwardedFor ?? '').split(',').reverse()) {
    if (address === null || !isOneOf(proxies, address)) return address;
    const before = plain(hop.trim());
    // A hop that is no address was not written by a proxy of ours.
    if (isIP(before) === 0) return address;
    address = before;
  }
  return address;
}

/** An IPv4 address inside of IPv6 as IPv4. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/** Whether an address, as a socket has it, stands in a list. */
export function isOneOf(list: BlockList, address: string): boolean {
  const bare = plain(address);
  return list.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}
