import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { type FieldError, invalidFields } from '../errors.ts';
import type { AppEnv } from './env.ts';
import { refuse } from './refusal.tsx';
import { isHandler } from './routing.ts';

/** Which parameters a middleware made by `query` lets pass. */
const namesOf = new WeakMap<object, readonly string[]>();

/**
 * Names the query parameters that a route of the API takes; a route without this takes none. What
 * came is `c.req.valid('query')`, with each parameter at most once: `strictQuery` sees to that.
 */
export function query<Name extends string>(
  ...names: Name[]
): MiddlewareHandler<
  AppEnv,
  string,
  { in: { query: { [N in Name]?: string } }; out: { query: { [N in Name]?: string } } }
> {
  const middleware: ReturnType<typeof query<Name>> = (c, next) => {
    c.req.addValidatedData('query', Object.fromEntries(new URL(c.req.url).searchParams));
    return next();
  };
  namesOf.set(middleware, names);
  return middleware;
}

/** Pages ignore parameters that they do not know, such as those of campaigns. */
const API = /^\/(auth|admin|health|ready)(\/|$)/;

/**
 * Refuses query parameters of the API that a route does not know, or that came twice: who asks
 * `?roles=admin` in place of `?role=admin` must not hear that all is well.
 */
export function strictQuery(): MiddlewareHandler<AppEnv> {
  return function strictQuery(c, next) {
    if (!c.req.url.includes('?')) return next();
    const routes = matchedRoutes(c).filter(isHandler);
    if (!API.test(routes[0]?.path ?? '')) return next();
    const known = routes.flatMap(({ handler }) => namesOf.get(handler) ?? []);
    const given = [...new URL(c.req.url).searchParams.keys()];
    const errors = given.flatMap((path, at): FieldError[] => {
      if (!known.includes(path)) {
        return [{ path, code: 'unknown_parameter', message: 'This parameter is not known here.' }];
      }
      const repeated = given.indexOf(path) < at;
      return repeated ? [{ path, code: 'repeated', message: 'Send this parameter once.' }] : [];
    });
    if (errors.length === 0) return next();
    return Promise.resolve(refuse(c, invalidFields(errors)));
  };
}
