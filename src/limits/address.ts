/** A network that is counted, and how many times the limit of one client it has. */
export interface Network {
  name: string;
  times: number;
}

/** How many bits of an IPv6 address name a network, and how many times the limit it has. */
const NETWORKS = [
  { bits: 64, times: 1 },
  { bits: 56, times: 4 },
  { bits: 48, times: 16 },
];

/**
 * Returns the networks that a client is counted in, the smallest first. An IPv4 address is one, also
 * where IPv6 carries it. A customer has all addresses of an IPv6 /64, and often of a /56 or a /48
 * (RFC 6177), so those are counted too. Clients whose address is not known are counted as one.
 */
export function networksOf(address: string | null): Network[] {
  if (address === null) return [{ name: 'unknown', times: 1 }];
  if (!address.includes(':')) return [{ name: address, times: 1 }];
  const groups = groupsOf(address);
  const inside = ipv4In(groups);
  if (inside !== null) return [{ name: inside, times: 1 }];
  return NETWORKS.map(({ bits, times }) => ({ name: networkOf(groups, bits), times }));
}

/** Returns the names that work counts for which a client asks for: its networks and the account. */
export const askersOf = (address: string | null, account: string | null): string[] => [
  ...networksOf(address).map(({ name }) => `network ${name}`),
  ...(account === null ? [] : [`account ${account}`]),
];

/** `2001:db8:1:200::/56` as `2001:db8:1:200/56`: the groups that the network has bits in. */
function networkOf(groups: number[], bits: number): string {
  const used = groups.slice(0, Math.ceil(bits / 16));
  const hostBits = used.length * 16 - bits;
  const masked = used.map((group, i) =>
    i === used.length - 1 ? (group >> hostBits) << hostBits : group,
  );
  return `${masked.map((group) => group.toString(16)).join(':')}/${bits}`;
}

/** Prefixes of 96 bits before an IPv4 address: mapped (RFC 4291 2.5.5.2), and NAT64 (RFC 6052 2.1). */
const IPV4_PREFIXES = ['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0'];

function ipv4In(groups: number[]): string | null {
  const prefix = groups.slice(0, 6).map((group) => group.toString(16));
  if (!IPV4_PREFIXES.includes(prefix.join(':'))) return null;
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups; `::` stands for as many zeros as are missing (RFC 4291 section 2.2). */
function groupsOf(address: string): number[] {
  const [head = [], tail = []] = (address.split('%')[0] ?? '').split('::').map(groupsIn);
  const zeros = Array<number>(Math.max(0, 8 - head.length - tail.length)).fill(0);
  return [...head, ...zeros, ...tail];
}

/** The last two groups may be written as an IPv4 address. */
function groupsIn(part: string): number[] {
  return part
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => {
      if (!group.includes('.')) return [Number.parseInt(group, 16)];
      const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
      return [a * 256 + b, c * 256 + d];
    });
}
