import type { ErrorHandler, Hono, MiddlewareHandler, NotFoundHandler } from 'hono';
import { Fault, refusal } from '../errors.ts';
import type { Log } from '../log.ts';
import { brokeOff } from './body.ts';
import type { AppContext, AppEnv } from './env.ts';
import { FORM_PAGES } from './form-pages.ts';
import { refuse } from './refusal.tsx';
import { methodsOf, patternOf } from './routing.ts';

/** Seconds after which trying again can help when a part did not answer. */
const RETRY_AFTER = 2;

/** What was thrown: a fault is 503 and takes no cookie away, the rest is 500. */
export function onError(log: Log): ErrorHandler<AppEnv> {
  return function onError(error, c) {
    if (isBrokenOff(error, c)) return refuse(c, brokeOff());
    const fields = { requestId: c.get('requestId'), method: c.req.method, error };
    if (error instanceof Fault) {
      log.warn('a part did not answer', fields);
      return refuse(c, refusal('unavailable', { retryAfter: RETRY_AFTER }));
    }
    log.error('unexpected error', { ...fields, stack: framesOf(error) });
    return refuse(c, refusal('internal'));
  };
}

/** A handler read a body whose client has gone: Node's name for that, and nobody's fault here. */
const isBrokenOff = (error: Error & { code?: unknown }, c: AppContext): boolean =>
  error.code === 'ECONNRESET' && error.message === 'aborted' && c.req.raw.signal.aborted;

/** Where it was thrown, without its message, which `error` tells as far as it may be told. */
export const framesOf = ({ stack = '' }: Error) =>
  stack.match(/^ +at .*$/gm)?.map((line) => line.trim());

/** Hono hands only `Error`s to its error handler; a thrown string would escape it. */
export function errorsOnly(): MiddlewareHandler<AppEnv> {
  return function errorsOnly(_c, next) {
    return next().catch((thrown) => {
      throw thrown instanceof Error ? thrown : new Error('something that is no Error was thrown');
    });
  };
}

/** Somebody opened an address in a browser, or reloaded it. */
const isNavigation = ({ req }: AppContext) =>
  req.method === 'GET' && req.header('sec-fetch-mode') === 'navigate';

/**
 * 404, or 405 with `Allow` when the path takes other methods. Somebody who opens the address that a
 * form is sent to gets the form.
 */
export function notFound(app: Hono<AppEnv>): NotFoundHandler<AppEnv> {
  return function notFound(c) {
    const allowed = methodsOf(app, c.req.path);
    if (allowed.length === 0) return refuse(c, refusal('not_found'));
    const page = FORM_PAGES[patternOf(app, 'POST', c.req.path) ?? ''];
    if (page !== undefined && isNavigation(c)) return c.redirect(page, 303);
    c.header('Allow', allowed.join(', '));
    return refuse(c, refusal('method_not_allowed'));
  };
}

/** Turns a request that no handler waits for away before anything is read for it. */
export function knownRoutes(): MiddlewareHandler<AppEnv> {
  return function knownRoutes(c, next) {
    return c.get('route') === null ? Promise.resolve(c.notFound()) : next();
  };
}
