import type { HeaderContext } from './env.ts';

/**
 * The token of an `Authorization: Bearer` header (RFC 6750 section 2.1). null: no such header. Only
 * a program sends one: browsers never add it by themselves, so there is nothing to forge.
 */
export function bearerOf(c: Pick<HeaderContext, 'req'>): string | null {
  const header = c.req.header('authorization');
  if (header === undefined) return null;
  const found = /^bearer(?: +(.*))?$/i.exec(header);
  return found && (found[1] ?? '').trim();
}
