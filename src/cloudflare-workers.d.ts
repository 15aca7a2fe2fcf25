/** What the platform offers by itself, as far as it is used here. */
declare module 'cloudflare:workers' {
  /** Keeps the context of the request that is being answered alive until the promise settles. */
  export function waitUntil(work: Promise<unknown>): void;
}
