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
 * Finds the address of the client: that of the peer, or, when the peer is one of `proxies`, the last
 * hop of `X-Forwarded-For` that is not one. A client may have made up the hops before that.
 *
 * @param unreadable Is called with a hop that a proxy of ours wrote and that is no address.
 * @returns null if the address is not known.
 */
export function clientAddressOf(
  peer: string | undefined,
  forwardedFor: string | undefined,
  proxies: BlockList,
  unreadable: (hop: string) => void = () => {},
): string | null {
  let address = peer === undefined ? null : withoutMapping(peer);
  if (forwardedFor === undefined) return address;
  for (const hop of forwardedFor.split(',').reverse()) {
    if (address === null || !isOneOf(proxies, address)) return address;
    const text = hop.trim();
    const before = readHop(text);
    if (before === null) {
      if (text !== '') unreadable(text);
      return address;
    }
    address = before;
  }
  return address;
}

/**
 * Reads one entry of `X-Forwarded-For`. Some load balancers add the client's port, and then write
 * IPv6 in brackets: `203.0.113.7:51034`, `[2001:db8::1]:443`.
 *
 * @returns null if the entry is no address.
 */
function readHop(hop: string): string | null {
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(hop) ?? [];
  const address = withoutMapping(bracketed ?? dotted ?? hop);
  const family = isIP(address);
  return family === 0 || (bracketed !== undefined && isIP(bracketed) !== 6) ? null : address;
}

/** Writes an IPv4 address inside of IPv6 as IPv4. */
const withoutMapping = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/** Whether an address, as a socket has it, stands in a list. */
export function isOneOf(list: BlockList, address: string): boolean {
  const bare = withoutMapping(address);
  return list.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}
