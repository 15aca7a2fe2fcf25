import { Hono } from 'hono';
import type { Router } from 'hono/router';
import type { H, RouterRoute } from 'hono/types';
import { accountPageRoutes } from './accounts/account-page-routes.tsx';
import { accountRoutes } from './accounts/account-routes.ts';
import { adminRoutes } from './accounts/admin-routes.ts';
import { deviceRoutes } from './accounts/device-routes.ts';
import { linkRoutes } from './accounts/link-routes.tsx';
import { registrationRoutes } from './accounts/registration-routes.ts';
import { repeatedForm } from './accounts/repeated-form-middleware.ts';
import { sessionsPageRoutes } from './accounts/sessions-page-routes.tsx';
import { signInPages, signInRoutes } from './accounts/sign-in-routes.ts';
import { ownFilesOnly } from './config-look.ts';
import { eventRoutes } from './events/routes.ts';
import { healthRoutes } from './health/routes.ts';
import { homeRoutes } from './home/routes.tsx';
import { limitBody } from './http/body-limit.ts';
import { createCallerOf } from './http/caller.ts';
import { crossSite, homeOf, trustedCors } from './http/cross-site.ts';
import type { AppContext, AppEnv } from './http/env.ts';
import { contentPolicy, secretPage, securityHeaders } from './http/headers.ts';
import { errorsOnly, knownRoutes, notFound, onError } from './http/outcomes.ts';
import { strictQuery } from './http/query.ts';
import { requestLog } from './http/request-log.ts';
import { type OutboxParts, outboxRoutes } from './mail/outbox-routes.tsx';
import { openApiRoutes } from './openapi/routes.ts';
import type { Services } from './services.ts';
import { requireUser, requireUserOrLogin } from './session/guards.ts';
import { intendedUser } from './session/intended-user-middleware.ts';
import { createStartAnonymous, session, sessionData } from './session/middleware.ts';
import { sessionRoutes } from './session/routes.ts';
import { limitWrites } from './session/write-limit-middleware.ts';
import { assetRoutes, createAssets } from './ui/assets.ts';
import { pageShell } from './ui/shell.tsx';

export interface AppOptions {
  /** The peer's address as the platform knows it. null: it does not. */
  clientAddress: (c: AppContext) => string | null;
  /** Whether the peer is a proxy of ours, whose request ids are taken over. Absent: none is. */
  trustsPeer?: (c: AppContext) => boolean;
  /** Whether the server is about to end. Absent: it never is. */
  isDraining?: () => boolean;
  /** Absent: by regular expressions, which are the fastest to ask and take longest to make. */
  router?: Router<[H, RouterRoute]>;
  /** The mail that goes nowhere; absent where nobody may see it. */
  outbox?: OutboxParts;
}

/** Routes whose GET asks the stores for nothing but the session. */
const SESSION_ONLY = ['/auth/session', '/auth/session/data', '/auth/verify'];

/** Pages with the secret of a link, or the key of the outbox, in their address or in a field. */
const SECRET_PAGES = [
  '/reset',
  '/auth/password/reset',
  '/verify',
  '/verify/disown',
  '/auth/email/verify',
  '/dev/outbox',
];

/** What machines ask for all the time. */
const QUIET = ['/health', '/ready'];

/** The only place where the order of middleware and the mounts stand. */
export function createApp(services: Services, options: AppOptions) {
  const { clientAddress, trustsPeer = () => false, isDraining = () => false } = options;
  const { router, outbox } = options;
  const { config, origins, log } = services;
  const limit = services.anonymousLimit;
  const startAnonymous = createStartAnonymous({ ...services, limit, clientAddress });
  const { passwordMinLength } = config;
  const { registration } = config;
  const callerOf = createCallerOf(clientAddress);
  const parts = { ...services, startAnonymous, callerOf, registration, passwordMinLength };

  const writeLimit = limitWrites(services.writeLimit, services.endingLimit);
  const { appName, look } = config;
  const assets = createAssets(look);
  const policy = contentPolicy(origins, look);
  const secret = secretPage(contentPolicy(origins, ownFilesOnly(look)));
  const quiet = [...QUIET, ...Object.values(assets).map(({ path }) => path)];

  const app = new Hono<AppEnv>(router ? { router } : {});
  app.onError(onError(log));
  app.notFound(notFound(app));
  app.use(
    requestLog({ log, trustsPeer, sessionOnly: SESSION_ONLY, quiet }),
    securityHeaders(policy, config.hsts),
    pageShell({ appName, look, assets, home: homeOf(origins) }),
    trustedCors(origins, log),
    crossSite(origins),
    limitBody(),
    errorsOnly(),
    strictQuery(),
    intendedUser(services),
  );

  for (const path of SECRET_PAGES) app.use(path, secret);
  if (outbox) app.route('/', outboxRoutes(outbox));

  return (
    app
      // Without a session of the request: what makes and ends one works on the token alone.
      .route('/', healthRoutes(services, isDraining))
      .route('/', openApiRoutes({ ...services, policy }))
      .route('/', assetRoutes(assets))
      // A Well-Known URL for Changing Passwords (W3C), for password managers.
      .get('/.well-known/change-password', (c) => c.redirect('/account', 303))
      .route('/', signInRoutes(parts))
      .route('/', registrationRoutes(parts))
      .route('/', linkRoutes(parts))
      // From here on a request has its session.
      .use(knownRoutes(), session(parts))
      .use('/auth/*', writeLimit)
      .use('/account/*', writeLimit)
      .use('/admin/*', writeLimit)
      .use('/counter', writeLimit)
      .route('/', sessionRoutes(parts))
      // From here on handlers find what it keeps.
      .use(sessionData(parts))
      .route('/', signInPages(parts))
      .route('/', homeRoutes(services))
      .post('/account/password', repeatedForm('newPassword', parts))
      .post('/account/email', repeatedForm('password', parts))
      .use('/account', requireUserOrLogin())
      .use('/account/*', requireUserOrLogin())
      .route('/', accountPageRoutes(parts))
      .route('/', sessionsPageRoutes(parts))
      // From here on somebody is signed in.
      .use(requireUser())
      .route('/', accountRoutes(parts))
      .route('/', deviceRoutes(parts))
      .route('/', adminRoutes(parts))
      .route('/', eventRoutes(services))
  );
}

/** The routes and their types, for typed clients. */
export type AppType = ReturnType<typeof createApp>;
