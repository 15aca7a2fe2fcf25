import { Hono } from 'hono';
import type { Result } from '../errors.ts';
import { bearerOf } from '../http/bearer.ts';
import type { Origins } from '../http/cross-site.ts';
import type { AppContext, AppEnv } from '../http/env.ts';
import { freshForm } from '../http/form.ts';
import { input } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import { refuse } from '../http/refuse.tsx';
import { safeReturnTo } from '../http/return-to.ts';
import { addressSubject } from '../limits/address.ts';
import type { SessionCookie } from '../session/cookie.ts';
import type { Expiry } from '../session/expiry.ts';
import { clearSessionCookie, setSessionCookie, tokensOf } from '../session/middleware.ts';
import type { Device, NewSignedInSession, Sessions } from '../session/sessions.ts';
import type { Tokens } from '../session/token.ts';
import { sessionView, userView } from '../session/views.ts';
import { Credentials, identifierOf, prepareLogin, Registration } from './input.ts';
import type { Login } from './login.ts';
import { loginPage, logoutPage, registerPage } from './pages.tsx';
import type { Register } from './register.ts';

export interface SignInParts {
  login: Login;
  register: Register;
  sessions: Pick<Sessions, 'end'>;
  tokens: Pick<Tokens, 'read'>;
  cookie: SessionCookie;
  expiry: Pick<Expiry, 'endOf'>;
  origins: Origins;
  passwordMinLength: number;
  /** The peer's address as the platform knows it. */
  clientAddress: (c: AppContext) => string | null;
}

/**
 * Routes that make and end sessions. They work on the token that came with the request, so they
 * stand before the session middleware and cost no read of their own.
 */
export function signInRoutes(parts: SignInParts) {
  const { login, register, sessions, cookie, clientAddress, expiry, origins } = parts;
  const deviceOf = (c: AppContext): Device => ({
    ip: clientAddress(c),
    userAgent: c.req.header('user-agent')?.slice(0, 256) ?? null,
  });
  const registering = registerPage(parts.passwordMinLength);

  return new Hono<AppEnv>()
    .post(
      '/auth/register',
      input({ schema: Registration, form: { page: registering, returnTo: true } }),
      async (c) => {
        const { email = null, username = null, name = null, password } = c.req.valid('json');
        const previous = tokensOf(c, parts);
        const device = deviceOf(c);
        const result = await register({ email, username, name, password, device, previous });
        return signedIn(c, result, { status: 201, showToken: false });
      },
    )
    .post(
      '/auth/login',
      input({
        schema: Credentials,
        form: { page: loginPage, returnTo: true, prepare: prepareLogin },
      }),
      async (c) => {
        const { password, remember, token: showToken, ...names } = c.req.valid('json');
        const result = await login({
          identifier: identifierOf(names),
          password,
          remember,
          device: deviceOf(c),
          address: addressSubject(clientAddress(c)),
          // A program that asks for a token of its own does not end the browser's session.
          previous: showToken && bearerOf(c) === null ? [] : tokensOf(c, parts),
        });
        return signedIn(c, result, { status: 200, showToken });
      },
    )
    .post('/auth/logout', input({ schema: NoFields, form: { page: logoutPage } }), async (c) => {
      await Promise.all(tokensOf(c, parts).map((token) => sessions.end(token)));
      c.header('Cache-Control', 'no-store');
      clearSessionCookie(c, cookie);
      return c.get('form') ? c.redirect('/', 303) : c.body(null, 204);
    })
    .get('/logout', (c) => c.render(logoutPage.body(freshForm()), { title: logoutPage.title }));

  function signedIn(
    c: AppContext,
    result: Result<NewSignedInSession>,
    { status, showToken }: { status: 200 | 201; showToken: boolean },
  ) {
    if (!result.ok) return refuse(c, result);
    c.header('Cache-Control', 'no-store');
    if (!showToken) setSessionCookie(c, cookie, result);
    const form = c.get('form');
    if (form) return c.redirect(safeReturnTo(form.returnTo, origins), 303);
    const { token, session } = result;
    const view = sessionView(session.token.id, { record: session.record, current: true, expiry });
    const answer = { user: userView(session.user), session: view };
    return c.json(showToken ? { ...answer, token } : answer, status);
  }
}

/** Pages for those who are not signed in yet; others go on to where they wanted. */
export function signInPages(parts: Pick<SignInParts, 'origins' | 'passwordMinLength'>) {
  const app = new Hono<AppEnv>();
  const pages = { '/login': loginPage, '/register': registerPage(parts.passwordMinLength) };
  for (const [path, page] of Object.entries(pages)) {
    app.get(path, (c) => {
      const returnTo = c.req.query('returnTo');
      if (c.get('live')?.user) return c.redirect(safeReturnTo(returnTo, parts.origins), 303);
      const form = freshForm(returnTo === undefined ? {} : { returnTo });
      return c.render(page.body(form), { title: page.title });
    });
  }
  return app;
}
