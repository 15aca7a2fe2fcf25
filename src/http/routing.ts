import type { Hono } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { AppContext, AppEnv } from './env.ts';

/** Methods that may change something (RFC 9110 section 9.2.1). */
export const UNSAFE_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'];

interface Matched {
  method: string;
  path: string;
}

/** Middleware is for every method, or for every path. */
export const isHandler = ({ method, path }: Matched) => method !== 'ALL' && path !== '/*';

/** The pattern of the route that waits for a request. null: none does. */
export const routeOf = (c: AppContext): string | null =>
  matchedRoutes(c).find(isHandler)?.path ?? null;

/** The methods that some handler waits for at a path. */
export function methodsOf(app: Hono<AppEnv>, path: string): string[] {
  const methods = ['GET', ...UNSAFE_METHODS].filter((method) => {
    const [matches] = app.router.match(method, path);
    return matches.some(([[, route]]) => isHandler(route));
  });
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}
