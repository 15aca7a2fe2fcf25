/**
 * The subject that an address is counted as: IPv4 as it is (also inside IPv6), IPv6 by its /64,
 * because one customer has all of it. Addresses that are not known share one bucket.
 */
export function addressSubject(address: string | null): string {
  if (address === null) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return address.includes(':') ? `${network64(address)}/64` : address;
}

/** The first four groups; `::` stands for as many zeros as are missing of eight. */
function network64(address: string): string {
  const [left = '', right] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  const groups = right === undefined ? head : [...head, ...zeros, ...tail];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
