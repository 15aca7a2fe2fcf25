import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { accountRoutes } from './accounts/account-routes.ts';
import { adminRoutes } from './accounts/admin-routes.ts';
import { linkRoutes } from './accounts/link-routes.tsx';
import { ownAccountRoutes } from './accounts/own-account-routes.tsx';
import { accountPages } from './accounts/page-routes.tsx';
import { registrationRoutes } from './accounts/registration-routes.ts';
import { signInPages, signInRoutes } from './accounts/routes.ts';
import { refusal } from './errors.ts';
import { eventRoutes } from './events/routes.ts';
import { healthRoutes } from './health/routes.ts';
import { homeRoutes } from './home/routes.tsx';
import { MAX_BODY_BYTES } from './http/body.ts';
import { createCallerOf } from './http/caller.ts';
import { crossSite, trustedCors } from './http/cross-site.ts';
import type { AppContext, AppEnv } from './http/env.ts';
import { requestId, securityHeaders } from './http/headers.ts';
import { errorsOnly, knownRoutes, notFound, onError } from './http/outcomes.ts';
import { refuse } from './http/refuse.tsx';
import { type OutboxParts, outboxRoutes } from './node/outbox-routes.tsx';
import type { Services } from './services.ts';
import { requireUser, requireUserOrLogin } from './session/guards.ts';
import { createStartAnonymous, session } from './session/middleware.ts';
import { sessionRoutes } from './session/routes.ts';
import { stylesheetRoute } from './ui/route.ts';
import { pageShell } from './ui/shell.tsx';

export interface AppOptions {
  /** The peer's address as the platform knows it. null: it does not. */
  clientAddress: (c: AppContext) => string | null;
  /** The mail that goes nowhere; absent where nobody may see it. */
  outbox?: OutboxParts;
}

/** The only place where the order of middleware and the mounts stand. */
export function createApp(services: Services, { clientAddress, outbox }: AppOptions) {
  const { config, origins, log } = services;
  const limit = services.anonymousLimit;
  const startAnonymous = createStartAnonymous({ ...services, limit, clientAddress });
  const { passwordMinLength } = config;
  const { registration } = config;
  const callerOf = createCallerOf(clientAddress);
  const parts = { ...services, startAnonymous, callerOf, registration, passwordMinLength };

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

  if (outbox) app.route('/', outboxRoutes(outbox));

  return (
    app
      // Without a session of the request: what makes and ends one works on the token alone.
      .route('/', healthRoutes(services))
      .route('/', stylesheetRoute())
      .route('/', signInRoutes(parts))
      .route('/', registrationRoutes(parts))
      .route('/', linkRoutes(parts))
      // From here on a request has its session.
      .use(knownRoutes(), session(parts))
      .route('/', sessionRoutes(parts))
      .route('/', signInPages(parts))
      .route('/', homeRoutes(services))
      .use('/account', requireUserOrLogin())
      .use('/account/*', requireUserOrLogin())
      .route('/', ownAccountRoutes(parts))
      .route('/', accountPages(parts))
      // From here on somebody is signed in.
      .use(requireUser())
      .route('/', accountRoutes(parts))
      .route('/', adminRoutes(parts))
      .route('/', eventRoutes(services))
  );
}

/** The routes and their types, for typed clients. */
export type AppType = ReturnType<typeof createApp>;
