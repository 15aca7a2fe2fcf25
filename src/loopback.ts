/** A host that can only be this machine; an IPv6 address as `URL` writes it, or without brackets. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|::1|\[::1\])$/i.test(hostname);
}

/** An address that leads to this machine alone. */
export const leadsHere = (address: string): boolean => isLoopback(new URL(address).hostname);
