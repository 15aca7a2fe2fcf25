import type { AppContext } from './env.ts';

/** What may stand in a log line as it is: no quote, space or line break, and not much of it. */
const SAFE = /^[\w.-]{8,64}$/;

/**
 * A name for a request, to find it again in the logs of several services. Taken over only from a
 * peer that is trusted; anybody else could give two requests one name.
 */
export function requestIdOf(c: AppContext, trustsPeer: (c: AppContext) => boolean): string {
  const given = c.req.header('x-request-id');
  if (given !== undefined && SAFE.test(given) && trustsPeer(c)) return given;
  return crypto.randomUUID();
}
