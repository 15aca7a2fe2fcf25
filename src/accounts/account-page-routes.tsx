import { type Context, Hono } from 'hono';
import { type Refusal, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { CallerOf } from '../http/caller.ts';
import { homeOf, type Origins } from '../http/cross-site.ts';
import { type DeviceCookieParts, deviceCookiesOf } from '../http/device-cookie.ts';
import type { AppContext } from '../http/env.ts';
import { type FormPage, formKeyOf } from '../http/form.ts';
import { input } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import { refuse } from '../http/refusal.tsx';
import { textsOf } from '../http/texts.ts';
import type { PasswordPolicy } from '../passwords/policy.ts';
import type { SessionCookie } from '../session/cookie.ts';
import type { Expiry } from '../session/expiry.ts';
import { isRecentLogin, type UserEnv } from '../session/guards.ts';
import { clearSessionCookie } from '../session/middleware.ts';
import type { OwnedSessions } from '../session/owned-sessions.ts';
import { isSignedIn, type SignedInSession } from '../session/reader.ts';
import type { Clock } from '../time.ts';
import { NOTICE, noticeOf } from '../ui/notice.ts';
import type { DeleteAccount } from './account-deletion.ts';
import { type AccountForm, AccountPage, type Beside } from './account-page.tsx';
import type { EmailChange } from './email-change.ts';
import { NewEmailAndProof, NewPassword, ProfileForm, Proof } from './input.ts';
import type { ChangePassword } from './password-change.ts';
import type { ChangeProfile } from './profile.ts';
import type { Reauthenticate } from './reauthentication.ts';
import type { Repetitions } from './repetition.ts';
import { handOver, startSession } from './sign-in-answer.ts';

export interface AccountPageParts extends DeviceCookieParts {
  reauthenticate: Reauthenticate;
  changePassword: ChangePassword;
  policy: PasswordPolicy;
  changeProfile: ChangeProfile;
  deleteAccount: Pick<DeleteAccount, 'own' | 'isGone'>;
  emailChange: EmailChange;
  owned: Pick<OwnedSessions, 'list'>;
  events: Pick<Events, 'list'>;
  repetitions: Pick<Repetitions, 'changed' | 'signIn' | 'once'>;
  cookie: SessionCookie;
  origins: Origins;
  deviceCookie: SessionCookie;
  expiry: Pick<Expiry, 'endOf'>;
  clock: Clock;
  callerOf: CallerOf;
  passwordMinLength: number;
}

const PATH = '/account';

/** So many of the latest security events are shown. */
const SHOWN = 10;

/** The page of one's own account and its form routes. Mounted behind `requireUserOrLogin()`. */
export function accountPageRoutes(parts: AccountPageParts) {
  const { reauthenticate, changePassword, changeProfile, deleteAccount, emailChange } = parts;
  const { owned, cookie, deviceCookie, clock, callerOf, passwordMinLength } = parts;
  const { changed, signIn, once } = parts.repetitions;

  const weakNew = async (valid: { newPassword?: string }, c: AppContext) =>
    parts.policy.errorsOf(valid.newPassword, c.get('live')?.user, 'newPassword');

  return new Hono<UserEnv>()
    .get(PATH, async (c) => {
      const t = textsOf(c);
      const { user, signedIn } = c.var;
      const recent = isRecentLogin(signedIn, clock);
      const notice = noticeOf(c);
      const props = { t, user, recent, passwordMinLength, notice, ...(await beside(signedIn)) };
      return c.render(<AccountPage {...props} />, { title: t.account.title, wide: true });
    })
    .post('/account/name', input({ schema: ProfileForm, form: form('name') }), async (c) => {
      const result = await changeProfile(c.var.signedIn, c.req.valid('json'), callerOf(c));
      return result.ok ? done(c, textsOf(c).account.saved) : refuse(c, result);
    })
    .post(
      '/account/password',
      input({ schema: NewPassword, form: form('password'), also: weakNew }),
      async (c) => {
        const { signedIn } = c.var;
        const body = c.req.valid('json');
        const repeated =
          c.get('signedInAgain') || (await changed(signedIn, body.newPassword, callerOf(c)));
        if (!repeated) {
          const device = deviceCookiesOf(c, parts);
          const change = { ...body, device };
          const result = await changePassword(signedIn, change, callerOf(c), (renewed) =>
            handOver(c, renewed, parts),
          );
          const refused = result.ok ? null : await unlessAgain(c, result, body.newPassword);
          if (refused) return refuse(c, refused);
          if (result.ok && !result.renewed) return signInAnew(c);
        }
        return done(c, textsOf(c).account.passwordChanged);
      },
    )
    .post('/account/email', input({ schema: NewEmailAndProof, form: form('email') }), async (c) => {
      const { email, password } = c.req.valid('json');
      let { signedIn } = c.var;
      if (password !== undefined && !c.get('signedInAgain')) {
        const proven = await reauthenticate(
          signedIn,
          password,
          callerOf(c),
          deviceCookiesOf(c, parts),
        );
        if (proven.ok) handOver(c, proven, parts);
        const refused = proven.ok ? null : await unlessAgain(c, proven, password);
        if (refused) return refuse(c, refused);
        signedIn = present(c);
      }
      if (!isRecentLogin(signedIn, clock)) return refuse(c, refusal('recent_login_required'));
      const asked = () => emailChange.requestChange(signedIn, email, callerOf(c));
      const result = await once(formKeyOf(c), `email ${signedIn.user.id} ${email}`, asked);
      return result.ok ? done(c, textsOf(c).account.sentTo(email)) : refuse(c, result);
    })
    .post('/account/verification', input({ schema: NoFields, form: form('email') }), async (c) => {
      const { signedIn } = c.var;
      const asked = () => emailChange.requestVerification(signedIn, callerOf(c));
      const result = await once(formKeyOf(c), `verification ${signedIn.user.id}`, asked);
      return result.ok ? done(c, textsOf(c).account.sent) : refuse(c, result);
    })
    .post('/account/delete', input({ schema: Proof, form: form('delete') }), async (c) => {
      const { password } = c.req.valid('json');
      const result = await deleteAccount.own(c.var.signedIn, password, callerOf(c));
      const gone = result.ok || (await deleteAccount.isGone(c.var.signedIn));
      if (!result.ok && !gone) return refuse(c, result);
      clearSessionCookie(c, cookie);
      // Nothing is left to write to.
      c.set('live', null);
      return c.redirect(homeOf(parts.origins), 303);
    });

  /** The password is the new one, but the session ended meanwhile: the sign-in page says so. */
  function signInAnew(c: Context<UserEnv>) {
    clearSessionCookie(c, cookie);
    c.set('live', null);
    return c.redirect('/login?reset', 303);
  }

  /** A form of the page, which is shown again whole when it is refused. */
  function form(name: AccountForm) {
    return { only: true, page: (c: AppContext) => pageOf(c, name) };
  }

  function pageOf(c: AppContext, name: AccountForm): FormPage {
    return {
      title: (t) => t.account.title,
      wide: true,
      body: async (state) => {
        const live = present(c as unknown as Context<UserEnv>);
        const recent = isRecentLogin(live, clock);
        const { t } = state;
        const { user } = live;
        const props = { t, user, recent, passwordMinLength, notice: '', ...(await beside(live)) };
        return <AccountPage {...props} sent={{ form: name, state }} />;
      },
    };
  }

  /** The page is of use without it, and a refused form must be shown again when a part is down. */
  async function beside(current: SignedInSession): Promise<Beside> {
    const [sessions, events] = await Promise.all([
      owned.list(current).catch(() => null),
      parts.events.list({ userId: current.user.id, limit: SHOWN }).catch(() => null),
    ]);
    return { sessions: sessions?.length ?? null, events };
  }

  /**
   * The same form may have been sent twice: then the first one's new token is not in this request.
   * Returns null if the password has signed the browser in again.
   */
  async function unlessAgain(c: Context<UserEnv>, refused: Refusal, password: string) {
    const { code } = refused;
    if (code !== 'not_signed_in' && code !== 'conflict') return refused;
    const device = deviceCookie.read(c.req.header('cookie'));
    const again = await signIn(c.var.user.id, { password, by: callerOf(c), device });
    if (again?.ok) startSession(c, again, parts);
    return again?.ok ? null : (again ?? refused);
  }

  /** The session as it is by now. */
  function present(c: Context<UserEnv>): SignedInSession {
    const live = c.get('live');
    if (!isSignedIn(live)) throw new Error('the session of this request has ended');
    return live;
  }

  function done(c: Context<UserEnv>, notice: string) {
    c.var.session.flash(NOTICE, notice);
    return c.redirect(PATH, 303);
  }
}
