import { Hono, type MiddlewareHandler } from 'hono';
import type { Registration } from '../config.ts';
import { Fault, refusal } from '../errors.ts';
import type { CallerOf } from '../http/caller.ts';
import { homeOf, type Origins } from '../http/cross-site.ts';
import { type DeviceCookieParts, deviceCookiesOf, setDeviceCookie } from '../http/device-cookie.ts';
import type { AppContext, AppEnv } from '../http/env.ts';
import { type FormPage, formKeyOf, freshForm } from '../http/form.ts';
import { input } from '../http/input.ts';
import { refuse } from '../http/refusal.tsx';
import { currentTokens, type TokenParts } from '../http/request-tokens.ts';
import { withReturnTo } from '../http/return-to.ts';
import { textsOf } from '../http/texts.ts';
import type { PasswordPolicy } from '../passwords/policy.ts';
import { show } from '../ui/form-page.ts';
import type { LinkPage, LookUpLink } from '../users/link-lookup.ts';
import type { EmailChange } from './email-change.ts';
import { NewEmail, ResetByLink, UsedLink, VerifyLink } from './input.ts';
import {
  deadLinkPage,
  forgotPage,
  forgotSentPage,
  noLinkPage,
  resetPage,
  verifiedPage,
  verifyPage,
  verifyPageFor,
} from './link-pages.tsx';
import type { PasswordReset } from './password-reset.ts';
import type { Repetitions } from './repetition.ts';

export interface LinkRouteParts extends Omit<TokenParts, 'deviceCookie'>, DeviceCookieParts {
  passwordReset: PasswordReset;
  lookUpLink: (page: LinkPage) => LookUpLink;
  policy: PasswordPolicy;
  emailChange: Pick<EmailChange, 'verify' | 'needsPassword' | 'disown' | 'isConfirmed'>;
  repetitions: Pick<Repetitions, 'once'>;
  passwordMinLength: number;
  registration: Registration;
  callerOf: CallerOf;
  origins: Origins;
}

/**
 * What mailed links lead to. A page shows a button, and only what the button sends takes the link:
 * scanners of mail follow links (RFC 9110 section 9.2.1). Stands before the session: only a change of
 * address asks who is signed in, and then itself.
 */
export function linkRoutes(parts: LinkRouteParts) {
  const { passwordReset, emailChange, callerOf } = parts;
  const home = homeOf(parts.origins);
  const { once } = parts.repetitions;
  const sentBy = (c: AppContext) => ({ by: callerOf(c), formKey: formKeyOf(c) });
  const resetting = resetPage(parts);
  const noReset = noLinkPage('/forgot', parts.registration);
  const deadReset = deadLinkPage('/forgot', parts.registration);
  const deadVerify = deadLinkPage('/account');
  const resetPurpose = parts.lookUpLink('reset');
  const verifyPurpose = parts.lookUpLink('verify');
  const verifying = { schema: UsedLink, form: { page: verifyPage } };

  return new Hono<AppEnv>()
    .use('/forgot', noStore)
    .use('/reset', noStore)
    .use('/verify', noStore)
    .get('/forgot', (c) => draw(c, c.req.query('sent') === undefined ? forgotPage : forgotSentPage))
    .get('/reset', async (c) => {
      const { token } = c.req.query();
      if (!token) return draw(c, noReset);
      const purpose = await known(resetPurpose(token));
      return purpose === null ? dead(c, deadReset) : draw(c, resetPage(parts, purpose));
    })
    .get('/verify', async (c) => {
      const { done, disowned, token } = c.req.query();
      if (done !== undefined) return draw(c, verifiedPage('done', home));
      if (disowned !== undefined) return draw(c, verifiedPage('disowned', home));
      if (!token) return draw(c, noLinkPage('/account'));
      const purpose = await known(verifyPurpose(token));
      if (purpose === null) {
        const confirmed = await emailChange.isConfirmed(token);
        return confirmed ? draw(c, verifiedPage('already', home)) : dead(c, deadVerify);
      }
      const asking = () => known(emailChange.needsPassword(token, currentTokens(c, parts)));
      const asks = purpose === 'change_email' && (await asking()) !== false;
      return draw(c, verifyPageFor(purpose, asks));
    })
    .post(
      '/auth/password/forgot',
      input({ schema: NewEmail, form: { page: forgotPage, returnTo: true } }),
      async (c) => {
        const { email } = c.req.valid('json');
        const asked = () => passwordReset.request({ email, by: callerOf(c) });
        const result = await once(formKeyOf(c), `forgot ${email}`, asked);
        if (!result.ok) return refuse(c, result);
        const form = c.get('form');
        return form ? c.redirect(withReturnTo('/forgot?sent', form), 303) : c.json({}, 202);
      },
    )
    .post(
      '/auth/password/reset',
      input({
        schema: ResetByLink,
        form: { page: resetting },
        also: async ({ password }) => parts.policy.errorsOf(password, null),
      }),
      async (c) => {
        const sent = { ...sentBy(c), device: deviceCookiesOf(c, parts) };
        const result = await passwordReset.reset({ ...c.req.valid('json'), ...sent });
        if (!result.ok) return refuse(c, result);
        setDeviceCookie(c, parts, result.device);
        return c.get('form') ? c.redirect('/login?reset', 303) : c.body(null, 204);
      },
    )
    .post('/auth/email/verify', input({ ...verifying, schema: VerifyLink }), async (c) => {
      const opener = { ...sentBy(c), tokens: currentTokens(c, parts) };
      const result = await emailChange.verify({ ...c.req.valid('json'), ...opener });
      if (!result.ok) return refuse(c, result);
      return c.get('form') ? c.redirect('/verify?done', 303) : c.body(null, 204);
    })
    .post(
      '/verify/disown',
      input({ ...verifying, form: { page: verifyPage, only: true } }),
      async (c) => {
        const result = await emailChange.disown({ ...c.req.valid('json'), ...sentBy(c) });
        return result.ok ? c.redirect('/verify?disowned', 303) : refuse(c, result);
      },
    );
}

/** The address of such a page is a secret. */
const noStore: MiddlewareHandler<AppEnv> = async function noStore(c, next) {
  await next();
  c.header('Cache-Control', 'no-store');
};

/** A fresh form carries on what the link said. */
const draw = (c: AppContext, page: FormPage) => show(c, page, freshForm(textsOf(c), c.req.query()));

/** Says so before anybody has chosen a password in vain. */
function dead(c: AppContext, page: FormPage) {
  c.status(400);
  return show(c, page, { ...freshForm(textsOf(c)), refusal: refusal('invalid_token') });
}

/** Undefined where a store does not answer: the page is of use without it. */
async function known<T>(looking: Promise<T>): Promise<T | undefined> {
  return looking.catch((error) => {
    if (error instanceof Fault) return undefined;
    throw error;
  });
}
