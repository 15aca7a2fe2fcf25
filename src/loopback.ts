/** A host that can only be this machine, as `URL` writes it (`[::1]` with its brackets). */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/i.test(hostname);
}
