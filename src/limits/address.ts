/**
 * The subject that an address is counted as: IPv4 as it is (also inside IPv6), IPv6 by its /64,
 * because one customer has all of it. Addresses that are not known share one bucket.
 */
export function addressSubject(address: string | null): string {
  if (address === null) return 'unknown';
  if (!address.includes(':')) return address;
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}/64`;
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
