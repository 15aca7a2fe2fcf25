import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Origins } from './cross-site.ts';
import type { AppEnv } from './env.ts';

/** ASVS 3.4: on every answer, refusals and redirects included. */
export function securityHeaders(origins: Origins, secure: boolean): MiddlewareHandler<AppEnv> {
  return secureHeaders({
    // Two years (ASVS 3.4.1); only where https is what people use.
    strictTransportSecurity: secure ? 'max-age=63072000; includeSubDomains' : false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      // A form that ends in a 303 to a frontend needs that frontend here too.
      formAction: ["'self'", ...origins.trusted],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    // With `no-referrer` browsers send `Origin: null` from forms.
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
  });
}

/** A name for each request, to find it again in the logs. Never taken from the outside. */
export function requestId(): MiddlewareHandler<AppEnv> {
  return async function requestId(c, next) {
    const id = crypto.randomUUID();
    c.set('requestId', id);
    await next();
    c.header('X-Request-Id', id);
  };
}
