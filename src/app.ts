import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { accountRoutes } from './accounts/account-routes.ts';
import { adminRoutes } from './accounts/admin-routes.ts';
import { accountPages } from './accounts/page-routes.tsx';
import { signInPages, signInRoutes } from './accounts/routes.ts';
import { refusal } from './errors.ts';
import { healthRoutes } from './health/routes.ts';
import { homeRoutes } from './home/routes.tsx';
import { MAX_BODY_BYTES } from './http/body.ts';
import { crossSite, trustedCors } from './http/cross-site.ts';
import type { AppContext, AppEnv } from './http/env.ts';
import { requestId, securityHeaders } from './http/headers.ts';
import { errorsOnly, knownRoutes, notFound, onError } from './http/outcomes.ts';
import { refuse } from './http/refuse.tsx';
import type { Services } from './services.ts';
import { requireUser, requireUserOrLogin } from './session/guards.ts';
import { createStartAnonymous, session } from './session/middleware.ts';
import { sessionRoutes } from './session/routes.ts';
import { stylesheetRoute } from './ui/route.ts';
import { pageShell } from './ui/shell.tsx';

export interface AppOptions {
  /** The peer's address as the platform knows it. null: it does not. */
  clientAddress: (c: AppContext) => string | null;
}

/** The only place where the order of middleware and the mounts stand. */
export function createApp(services: Services, { clientAddress }: AppOptions) {
  const { config, origins, log } = services;
  const limit = services.anonymousLimit;
  const startAnonymous = createStartAnonymous({ ...services, limit, clientAddress });
  const { passwordMinLength } = config;
  const parts = { ...services, startAnonymous, clientAddress, passwordMinLength };

  const app = new Hono<AppEnv>();
  app.onError(onError(log));
  app.notFound(notFound(app));
  app.use(
    requestId(),
    securityHeaders(origins, config.secure),
    pageShell(config.appName),
    trustedCors(origins),
    crossSite(origins),
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => refuse(c as AppContext, refusal('body_too_large')),
    }),
    errorsOnly(),
  );

  return (
    app
      // Without a session of the request: what makes and ends one works on the token alone.
      .route('/', healthRoutes(services))
      .route('/', stylesheetRoute())
      .route('/', signInRoutes(parts))
      // From here on a request has its session.
      .use(knownRoutes(), session(parts))
      .route('/', sessionRoutes(parts))
      .route('/', signInPages(parts))
      .route('/', homeRoutes(services))
      .use('/account/*', requireUserOrLogin())
      .route('/', accountPages(parts))
      // From here on somebody is signed in.
      .use(requireUser())
      .route('/', accountRoutes(parts))
      .route('/', adminRoutes(services))
  );
}

/** The routes and their types, for typed clients. */
export type AppType = ReturnType<typeof createApp>;
