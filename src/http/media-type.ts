import type { AppContext } from './env.ts';

export const JSON_TYPE = 'application/json';
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The content type in lower case without its parameters. null: the request names none. */
export function mediaType(c: AppContext): string | null {
  const [type = ''] = (c.req.header('content-type') ?? '').split(';');
  return type.trim().toLowerCase() || null;
}
