/** A host that can only be this machine; an IPv6 address as `URL` writes it, or without brackets. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|::1|\[::1\])$/i.test(hostname);
}

/** A host that others reach only from the same network, as far as its name tells. */
export const isPrivate = (hostname: string): boolean =>
  isLoopback(hostname) ||
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[f[cd])/i.test(hostname) ||
  /^[^.:]+$|\.(internal|local|lan)$/i.test(hostname);

/** An address that leads to this machine alone. */
export const leadsHere = (address: string): boolean => isLoopback(new URL(address).hostname);
