import type { MiddlewareHandler } from 'hono';
import type { Log } from '../log.ts';
import { newTally, tallied } from '../tally.ts';
import type { AppContext, AppEnv } from './env.ts';
import { withHeaders } from './headers.ts';
import { requestIdOf } from './request-id.ts';
import { routeOf } from './routing.ts';

export interface RequestLogParts {
  log: Log;
  /** Whether the peer is a proxy of ours, whose request ids are taken over. */
  trustsPeer: (c: AppContext) => boolean;
  /**
   * Routes whose GET asks the stores for nothing but the session. It counts by itself, so these
   * are spared the cost of counting for everybody.
   */
  sessionOnly: readonly string[];
  /** Routes that machines ask for all the time; told of only at the level `debug`. */
  quiet: readonly string[];
}

/** Gives a request its id, and writes one line when it has been answered. */
export function requestLog(parts: RequestLogParts): MiddlewareHandler<AppEnv> {
  const { log, trustsPeer } = parts;
  const sessionOnly = new Set(parts.sessionOnly);
  const quiet = new Set(parts.quiet);
  const counts = log.writes('info');

  return async function requestLog(c, next) {
    // The router takes a request for the address `/*` through every middleware twice.
    if (c.get('requestId') !== undefined) return next();
    const started = performance.now();
    const requestId = requestIdOf(c, trustsPeer);
    const tally = newTally();
    c.set('requestId', requestId);
    c.set('tally', tally);
    const { method, path } = c.req;
    const reads = method === 'GET' || method === 'HEAD';
    const light = reads && sessionOnly.has(path);
    const known = light ? path : routeOf(c);
    c.set('route', known);

    const handle = light || !counts ? next : () => tallied(tally, next);
    await withHeaders(c, [['X-Request-Id', requestId]], handle);

    const { status } = c.res;
    const duration = performance.now() - started;
    // Not the path, which would tell of ids and secrets.
    const route = known ?? '(none)';
    const level = quiet.has(route) && status < 500 ? 'debug' : 'info';
    const { redis, sql } = tally;
    log.request(level, { requestId, method: toldOf(method), route, status, duration, redis, sql });
  };
}

/** Outside of Node a client may make methods up. */
const toldOf = (method: string) => (/^[A-Z]{1,16}$/.test(method) ? method : '(other)');
