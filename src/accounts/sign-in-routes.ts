import { Hono } from 'hono';
import type { Registration } from '../config.ts';
import { bearerOf } from '../http/bearer.ts';
import type { CallerOf } from '../http/caller.ts';
import { homeOf } from '../http/cross-site.ts';
import { setDeviceCookie } from '../http/device-cookie.ts';
import type { AppContext, AppEnv } from '../http/env.ts';
import { type FormState, freshForm } from '../http/form.ts';
import { input } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import { allTokens, currentTokens, type TokenParts } from '../http/request-tokens.ts';
import { safeReturnTo } from '../http/return-to.ts';
import { textsOf } from '../http/texts.ts';
import type { SessionCookie } from '../session/cookie.ts';
import { clearSessionCookie } from '../session/middleware.ts';
import { ownerOf } from '../session/token-choice.ts';
import { show } from '../ui/form-page.ts';
import { Credentials, identifierOf, prepareLogin } from './input.ts';
import type { Login } from './login.ts';
import type { Logout } from './logout.ts';
import { loginPage, logoutPage, sentPage } from './pages.tsx';
import { type RegistrationParts, registrationPage } from './registration-routes.ts';
import { answerSignIn, type SignInAnswerParts } from './sign-in-answer.ts';

export interface SignInParts extends SignInAnswerParts, Pick<TokenParts, 'knownDevices'> {
  login: Login;
  logout: Logout;
  deviceCookie: SessionCookie;
  registration: Registration;
  callerOf: CallerOf;
}

/**
 * Routes that make and end sessions. They work on the token that came with the request, so they
 * stand before the session middleware and cost no read of their own.
 */
export function signInRoutes(parts: SignInParts) {
  const { login, logout, cookie, deviceCookie, callerOf } = parts;

  return new Hono<AppEnv>()
    .post(
      '/auth/login',
      input({
        schema: Credentials,
        form: { page: loginPage(parts.registration), returnTo: true, prepare: prepareLogin },
      }),
      async (c) => {
        const { password, remember, token: showToken, ...names } = c.req.valid('json');
        const result = await login({
          identifier: identifierOf(names),
          password,
          remember,
          by: callerOf(c),
          device: deviceCookie.read(c.req.header('cookie')),
          rememberDevice: !showToken,
          // A program that asks for a token of its own does not end the browser's session.
          previous: showToken && bearerOf(c) === null ? [] : allTokens(c, parts),
        });
        if (result.ok) setDeviceCookie(c, parts, result.device);
        return answerSignIn(c, result, { ...parts, status: 200, showToken });
      },
    )
    .post('/auth/logout', input({ schema: NoFields, form: { page: signingOut } }), async (c) => {
      await logout(allTokens(c, parts), callerOf(c));
      c.header('Cache-Control', 'no-store');
      clearSessionCookie(c, cookie);
      return c.get('form') ? c.redirect(homeOf(parts.origins), 303) : c.body(null, 204);
    })
    .get('/logout', (c) => show(c, signingOut(c), freshForm(textsOf(c))));

  /** The token names whom the page is for; whether that user is signed in is not looked up. */
  function signingOut(c: AppContext) {
    return logoutPage(ownerOf(currentTokens(c, parts)));
  }
}

/** Pages for those who are not signed in yet; others go on to where they wanted. */
export function signInPages(
  parts: Pick<RegistrationParts, 'origins' | 'registration' | 'passwordMinLength'>,
) {
  const login = loginPage(parts.registration);
  const register = registrationPage(parts);

  return new Hono<AppEnv>()
    .get('/login', (c) => {
      const done = c.req.query('reset') === undefined ? undefined : textsOf(c).login.resetDone;
      return onward(c) ?? show(c, login, { ...fresh(c), done });
    })
    .get('/register', (c) => {
      const page = c.req.query('sent') === undefined ? register : sentPage;
      return onward(c) ?? show(c, page, fresh(c));
    });

  /** null: nobody is signed in yet. */
  function onward(c: AppContext): Response | null {
    if (!c.get('live')?.user) return null;
    return c.redirect(safeReturnTo(c.req.query('returnTo'), parts.origins), 303);
  }
}

/** A form that carries on where somebody wanted to go. */
function fresh(c: AppContext): FormState {
  const { returnTo } = c.req.query();
  return freshForm(textsOf(c), returnTo === undefined ? {} : { returnTo });
}
