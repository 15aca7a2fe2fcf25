import { type Handler, Hono } from 'hono';
import type { Registration } from '../config.ts';
import { refusal } from '../errors.ts';
import type { CallerOf } from '../http/caller.ts';
import type { AppContext, AppEnv } from '../http/env.ts';
import { input } from '../http/input.ts';
import { refuse } from '../http/refusal.tsx';
import { allTokens } from '../session/middleware.ts';
import type { RequestAccount } from './account-request.ts';
import { Asked, Registration as Registered } from './input.ts';
import { askPage, closedPage, registerPage } from './pages.tsx';
import type { Register } from './registration.ts';
import { answerSignIn, type SignInAnswerParts } from './sign-in-answer.ts';

export interface RegistrationParts extends SignInAnswerParts {
  registration: Registration;
  register: Register;
  requestAccount: RequestAccount;
  passwordMinLength: number;
  callerOf: CallerOf;
}

/** The page of `/register`, by who may make an account. */
export function registrationPage({
  registration,
  passwordMinLength,
}: Pick<RegistrationParts, 'registration' | 'passwordMinLength'>) {
  if (registration === 'closed') return closedPage;
  return registration === 'verified' ? askPage : registerPage(passwordMinLength);
}

/** `POST /auth/register`, before the session middleware. */
export function registrationRoutes(parts: RegistrationParts) {
  const { register, requestAccount, callerOf } = parts;
  const form = { page: registrationPage(parts), returnTo: true };
  const app = new Hono<AppEnv>();
  switch (parts.registration) {
    case 'open':
      return app.post('/auth/register', input({ schema: Registered, form }), async (c) => {
        const { email = null, username = null, name = null, password } = c.req.valid('json');
        const names = { email, username, name };
        const previous = allTokens(c, parts);
        const result = await register({ ...names, password, by: callerOf(c), previous });
        return answerSignIn(c, result, { ...parts, status: 201, showToken: false });
      });
    case 'verified':
      return app.post('/auth/register', input({ schema: Asked, form }), async (c) => {
        const { email, name = null } = c.req.valid('json');
        const result = await requestAccount({ email, name, by: callerOf(c) });
        if (!result.ok) return refuse(c, result);
        c.header('Cache-Control', 'no-store');
        return c.get('form') ? c.redirect('/register?sent', 303) : c.json({}, 202);
      });
    case 'closed':
      return app.post('/auth/register', closed);
  }
}

const closed: Handler<AppEnv> = (c) => refuse(c as AppContext, refusal('registration_closed'));
