import { Hono } from 'hono';
import { invalidField } from '../errors.ts';
import { bearerOf } from '../http/bearer.ts';
import type { CallerOf } from '../http/caller.ts';
import { type DeviceCookieParts, deviceCookiesOf } from '../http/device-cookie.ts';
import type { AppContext } from '../http/env.ts';
import { input } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import { query } from '../http/query.ts';
import { refuse } from '../http/refusal.tsx';
import type { PasswordPolicy } from '../passwords/policy.ts';
import type { SessionCookie } from '../session/cookie.ts';
import type { Expiry } from '../session/expiry.ts';
import { requireRecentLogin, type UserEnv } from '../session/guards.ts';
import { clearSessionCookie } from '../session/middleware.ts';
import type { OwnedSessions } from '../session/owned-sessions.ts';
import { sessionView, userView } from '../session/views.ts';
import type { Clock } from '../time.ts';
import type { DeleteAccount } from './account-deletion.ts';
import type { EmailChange } from './email-change.ts';
import { NewEmail, NewPassword, Profile, Proof } from './input.ts';
import type { ChangePassword } from './password-change.ts';
import type { ChangeProfile } from './profile.ts';
import type { Reauthenticate } from './reauthentication.ts';
import type { Revocation } from './revocation.ts';
import { handOver } from './sign-in-answer.ts';

export interface AccountParts extends DeviceCookieParts {
  reauthenticate: Reauthenticate;
  changePassword: ChangePassword;
  policy: PasswordPolicy;
  deleteAccount: DeleteAccount;
  changeProfile: ChangeProfile;
  emailChange: EmailChange;
  revocation: Revocation;
  owned: OwnedSessions;
  cookie: SessionCookie;
  expiry: Pick<Expiry, 'endOf'>;
  callerOf: CallerOf;
  clock: Clock;
}

/** What people do with their own account and sessions. Mounted behind `requireUser()`. */
export function accountRoutes(parts: AccountParts) {
  const { reauthenticate, changePassword, deleteAccount, changeProfile } = parts;
  const { revocation, owned, cookie, expiry, callerOf, emailChange } = parts;
  const weakNew = async (valid: { newPassword?: string }, c: AppContext) =>
    parts.policy.errorsOf(valid.newPassword, c.get('live')?.user, 'newPassword');

  return new Hono<UserEnv>()
    .patch('/auth/user', input({ schema: Profile }), async (c) => {
      const result = await changeProfile(c.var.signedIn, c.req.valid('json'), callerOf(c));
      return result.ok ? c.json({ user: userView(result.user) }) : refuse(c, result);
    })
    .post('/auth/reauthenticate', input({ schema: Proof }), async (c) => {
      const result = await reauthenticate(
        c.var.signedIn,
        c.req.valid('json').password,
        callerOf(c),
        deviceCookiesOf(c, parts),
      );
      if (!result.ok) return refuse(c, result);
      const answer = handOver(c, result, parts);
      return c.json(bearerOf(c) === null ? { session: answer.session } : answer);
    })
    .post('/auth/password', input({ schema: NewPassword, also: weakNew }), async (c) => {
      const { signedIn } = c.var;
      const by = callerOf(c);
      const device = deviceCookiesOf(c, parts);
      const result = await changePassword(
        signedIn,
        { ...c.req.valid('json'), device },
        by,
        (renewed) => handOver(c, renewed, parts),
      );
      if (!result.ok) return refuse(c, result);
      const { renewed } = result;
      return renewed && bearerOf(c) !== null
        ? c.json(handOver(c, renewed, parts))
        : c.body(null, 204);
    })
    .post(
      '/auth/email',
      requireRecentLogin(parts.clock),
      input({ schema: NewEmail }),
      async (c) => {
        const { email } = c.req.valid('json');
        const result = await emailChange.requestChange(c.var.signedIn, email, callerOf(c));
        return result.ok ? c.json({}, 202) : refuse(c, result);
      },
    )
    .post('/auth/email/verification', input({ schema: NoFields }), async (c) => {
      const result = await emailChange.requestVerification(c.var.signedIn, callerOf(c));
      return result.ok ? c.json({}, 202) : refuse(c, result);
    })
    .delete('/auth/user', input({ schema: Proof }), async (c) => {
      const result = await deleteAccount.own(
        c.var.signedIn,
        c.req.valid('json').password,
        callerOf(c),
      );
      if (!result.ok) return refuse(c, result);
      clearSessionCookie(c, cookie);
      return c.body(null, 204);
    })
    .get('/auth/sessions', async (c) => {
      const sessions = await owned.list(c.var.signedIn);
      return c.json({
        sessions: sessions.map(({ id, record }) =>
          sessionView(id, { record, current: id === c.var.signedIn.token.id, expiry }),
        ),
      });
    })
    .delete('/auth/sessions/:id', input({ schema: NoFields }), async (c) => {
      const id = c.req.param('id');
      const result = await revocation.revokeOne(c.var.signedIn, id, callerOf(c));
      if (!result.ok) return refuse(c, result);
      if (id === c.var.signedIn.token.id) clearSessionCookie(c, cookie);
      return c.body(null, 204);
    })
    .delete('/auth/sessions', query('include'), input({ schema: NoFields }), async (c) => {
      const { include } = c.req.valid('query');
      if (include !== undefined && include !== 'current') {
        return refuse(c, invalidField('include', 'invalid', 'Only "current" can be included.'));
      }
      if (include === 'current') {
        const result = await revocation.revokeOwn(c.var.signedIn, callerOf(c));
        if (!result.ok) return refuse(c, result);
        clearSessionCookie(c, cookie);
        return c.json({ revoked: result.revoked });
      }
      const result = await revocation.revokeOthers(c.var.signedIn, callerOf(c));
      if (!result.ok) return refuse(c, result);
      c.set('live', result.session);
      return c.json({ revoked: result.revoked });
    });
}
