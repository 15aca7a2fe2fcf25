import type { ServerResponse } from 'node:http';
import type { MiddlewareHandler, Next } from 'hono';
import type { LookConfig } from '../config-look.ts';
import { formTargets, type Origins } from './cross-site.ts';
import type { AppContext, AppEnv } from './env.ts';

export type HeaderLines = readonly (readonly [name: string, value: string])[];

/**
 * Gives every answer from behind here some headers, but for those that it names itself. Before it
 * is made: on one that is made, headers cost several times as much.
 */
export function withHeaders(c: AppContext, lines: HeaderLines, next: Next): Promise<void> {
  const { outgoing } = (c.env ?? {}) as { outgoing?: ServerResponse };
  if (!outgoing) return throughHono(c, lines, next);
  // Node sends these with whatever answer is made.
  for (const [name, value] of lines) outgoing.setHeader(name, value);
  return next();
}

async function throughHono(c: AppContext, lines: HeaderLines, next: Next): Promise<void> {
  for (const [name, value] of lines) c.header(name, value);
  await next();
  // A `Response` of a handler's own has not what the context was told, and may be immutable.
  for (const [name, value] of lines) if (!c.res.headers.has(name)) c.header(name, value);
}

/** ASVS 3.4: on every answer, refusals and redirects included. */
export function securityHeaders(policy: string, hsts: string | null): MiddlewareHandler<AppEnv> {
  const headers = Object.entries({
    // ASVS 3.4.1
    ...(hsts === null ? {} : { 'Strict-Transport-Security': hsts }),
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    // With `no-referrer` browsers send `Origin: null` from forms.
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  return function securityHeaders(c, next) {
    return withHeaders(c, headers, next);
  };
}

/**
 * For pages that hold a secret, in their address or in a field: they load no stylesheet and no logo
 * of another host. A stylesheet can read fields and send what it read, and an address may reach
 * other hosts as the referrer. `policy`: a content policy without those hosts.
 */
export function secretPage(policy: string): MiddlewareHandler<AppEnv> {
  return async function secretPage(c, next) {
    c.set('ownFilesOnly', true);
    c.header('Content-Security-Policy', policy);
    await next();
    // What was refused or went wrong before the page was drawn may be a `Response` of its own.
    c.header('Content-Security-Policy', policy);
  };
}

/** What a page may load, send and be framed by: a Content-Security-Policy (CSP 3). */
export function contentPolicy(origins: Origins, look: LookConfig): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    ["style-src 'self'", ...sourceOf(look.stylesheet)].join(' '),
    ["img-src 'self'", ...sourceOf(look.logo)].join(' '),
    // A form that ends in a 303 to a frontend or to APP_URL needs its origin here too.
    ["form-action 'self'", ...formTargets(origins)].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** One file of another host as a policy names it: without a query (CSP 3, section 6.7.2.8). */
function sourceOf(address: string | null): string[] {
  if (address === null || address.startsWith('/')) return [];
  const { origin, pathname } = new URL(address);
  return [origin + pathname.replaceAll(';', '%3B').replaceAll(',', '%2C')];
}
