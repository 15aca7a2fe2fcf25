import type { MiddlewareHandler } from 'hono';
import type { LookConfig } from '../config-look.ts';
import type { Origins } from './cross-site.ts';
import type { AppEnv } from './env.ts';

/** ASVS 3.4: on every answer, refusals and redirects included. */
export function securityHeaders(
  origins: Origins,
  { secure, look }: { secure: boolean; look: LookConfig },
): MiddlewareHandler<AppEnv> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    ["style-src 'self'", ...sourceOf(look.stylesheet)].join(' '),
    ["img-src 'self'", ...sourceOf(look.logo)].join(' '),
    // A form that ends in a 303 to a frontend needs that frontend here too.
    ["form-action 'self'", ...origins.trusted].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  const headers = Object.entries({
    // Two years (ASVS 3.4.1); only where https is what people use.
    ...(secure ? { 'Strict-Transport-Security': 'max-age=63072000; includeSubDomains' } : {}),
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    // With `no-referrer` browsers send `Origin: null` from forms.
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  return async function securityHeaders(c, next) {
    // Before the answer is made: afterwards it costs twice as much.
    for (const [name, value] of headers) c.header(name, value);
    await next();
    // A handler that returns a `Response` of its own leaves out what the context was told.
    const answer = c.res.headers;
    for (const [name, value] of headers) if (!answer.has(name)) answer.set(name, value);
  };
}

/** One file of another host as a policy names it: without a query (CSP 3, section 6.7.2.8). */
function sourceOf(address: string | null): string[] {
  if (address === null || address.startsWith('/')) return [];
  const { origin, pathname } = new URL(address);
  return [origin + pathname.replaceAll(';', '%3B').replaceAll(',', '%2C')];
}
