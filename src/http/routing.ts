import type { Hono } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { AppContext, AppEnv } from './env.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Whether an entry of the router answers; middleware is for every method. */
export const isHandler = ({ method }: { method: string }) => method !== 'ALL';

/** The pattern of the route that waits for a request. null: none does. */
export const routeOf = (c: AppContext): string | null =>
  matchedRoutes(c).find(isHandler)?.path ?? null;

/** The methods that some handler waits for at a path. */
export function methodsOf(app: Hono<AppEnv>, path: string): string[] {
  const methods = METHODS.filter((method) => {
    const [matches] = app.router.match(method, path);
    return matches.some(([[, route]]) => isHandler(route));
  });
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}

/** The pattern of the handler that waits for a method at a path. Null: none does. */
export function patternOf(app: Hono<AppEnv>, method: string, path: string): string | null {
  const [matches] = app.router.match(method, path);
  return matches.map(([[, route]]) => route).find(isHandler)?.path ?? null;
}
