import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { LookConfig } from '../config-look.ts';
import type { Origins } from './cross-site.ts';
import type { AppEnv } from './env.ts';

/** ASVS 3.4: on every answer, refusals and redirects included. */
export function securityHeaders(
  origins: Origins,
  { secure, look }: { secure: boolean; look: LookConfig },
): MiddlewareHandler<AppEnv> {
  return secureHeaders({
    // Two years (ASVS 3.4.1); only where https is what people use.
    strictTransportSecurity: secure ? 'max-age=63072000; includeSubDomains' : false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", ...sourceOf(look.stylesheet)],
      imgSrc: ["'self'", ...sourceOf(look.logo)],
      // A form that ends in a 303 to a frontend needs that frontend here too.
      formAction: ["'self'", ...origins.trusted],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    // With `no-referrer` browsers send `Origin: null` from forms.
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    // Nothing that is still about reads these, and each costs every answer.
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    removePoweredBy: false,
  });
}

/** One file of another host as a policy names it: without a query (CSP 3, section 6.7.2.8). */
function sourceOf(address: string | null): string[] {
  if (address === null || address.startsWith('/')) return [];
  const { origin, pathname } = new URL(address);
  return [origin + pathname.replaceAll(';', '%3B').replaceAll(',', '%2C')];
}
