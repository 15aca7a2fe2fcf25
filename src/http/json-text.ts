import type { TypedResponse } from 'hono';
import type { AppContext } from './env.ts';

/** Answers what is JSON already, as `c.json` answers a `T`; typed clients know it by that type. */
export function jsonText<T>(c: AppContext, text: string): Response & TypedResponse<T, 200, 'json'> {
  const answer: Response = c.body(text, 200, { 'Content-Type': 'application/json' });
  return answer as Response & TypedResponse<T, 200, 'json'>;
}
