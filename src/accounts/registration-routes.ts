import { Hono, type MiddlewareHandler } from 'hono';
import type { Registration } from '../config.ts';
import { type RefusalCode, refusal } from '../errors.ts';
import type { CallerOf } from '../http/caller.ts';
import { type DeviceCookieParts, deviceCookiesOf, setDeviceCookie } from '../http/device-cookie.ts';
import type { AppEnv } from '../http/env.ts';
import { formKeyOf } from '../http/form.ts';
import { input } from '../http/input.ts';
import { refuse } from '../http/refusal.tsx';
import { allTokens } from '../http/request-tokens.ts';
import type { RequestAccount } from './account-request.ts';
import { Asked, Registration as Registered } from './input.ts';
import { askPage, closedPage, registerPage } from './pages.tsx';
import type { Register } from './registration.ts';
import type { RegistrationCheck } from './registration-check.ts';
import type { Repetitions } from './repetition.ts';
import { answerSignIn, type SignInAnswerParts } from './sign-in-answer.ts';

export interface RegistrationParts extends SignInAnswerParts, DeviceCookieParts {
  registration: Registration;
  register: Register;
  registrationCheck: RegistrationCheck;
  requestAccount: RequestAccount;
  repetitions: Pick<Repetitions, 'registered' | 'once'>;
  passwordMinLength: number;
  callerOf: CallerOf;
}

/** What a registration is refused with that has been made a moment before. */
const TAKEN = new Set<RefusalCode>(['email_taken', 'username_taken', 'conflict']);

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
  const { register, registrationCheck, requestAccount, callerOf, registration } = parts;
  const { repetitions } = parts;
  const form = { page: registrationPage(parts), returnTo: true };
  const schema = registration === 'verified' ? Asked : Registered;

  return new Hono<AppEnv>().post(
    '/auth/register',
    openTo(registration),
    input({
      schema,
      form,
      also: async (valid, c) =>
        registration === 'verified' ? [] : registrationCheck.errorsOf(valid, callerOf(c)),
    }),
    async (c) => {
      const body = c.req.valid('json');
      const by = callerOf(c);
      if (!('password' in body)) {
        const { email, name = null } = body;
        const asked = () => requestAccount({ email, name, by });
        const result = await repetitions.once(formKeyOf(c), `register ${email}`, asked);
        if (!result.ok) return refuse(c, result);
        c.header('Cache-Control', 'no-store');
        return c.get('form') ? c.redirect('/register?sent', 303) : c.json({}, 202);
      }
      const { email = null, username = null, name = null, password } = body;
      const previous = allTokens(c, parts);
      const device = deviceCookiesOf(c, parts);
      const request = { email, username, name, password, by, previous, device };
      const result = await register(request);
      if (c.get('form') && !result.ok && TAKEN.has(result.code)) {
        const again = await repetitions.registered({ ...request, device: device ?? [] });
        if (again?.ok) setDeviceCookie(c, parts, again.device);
        if (again) return answerSignIn(c, again, { ...parts, status: 201, showToken: false });
      }
      if (result.ok) setDeviceCookie(c, parts, result.device);
      return answerSignIn(c, result, { ...parts, status: 201, showToken: false });
    },
  );
}

/** Where only admins make accounts, nothing that is sent is looked at. */
function openTo(registration: Registration): MiddlewareHandler<AppEnv> {
  return (c, next) =>
    registration === 'closed' ? Promise.resolve(refuse(c, refusal('registration_closed'))) : next();
}
