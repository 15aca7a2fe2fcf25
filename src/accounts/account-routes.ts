import { type Context, Hono } from 'hono';
import { refusal } from '../errors.ts';
import { bearerOf } from '../http/bearer.ts';
import { input } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import { refuse } from '../http/refuse.tsx';
import type { SessionCookie } from '../session/cookie.ts';
import type { Expiry } from '../session/expiry.ts';
import type { UserEnv } from '../session/guards.ts';
import { clearSessionCookie, setSessionCookie } from '../session/middleware.ts';
import type { OwnedSessions } from '../session/owned-sessions.ts';
import type { NewSignedInSession } from '../session/sessions.ts';
import { sessionView, userView } from '../session/views.ts';
import type { ChangePassword } from './change-password.ts';
import type { DeleteAccount } from './delete-account.ts';
import { NewPassword, Profile, Proof } from './input.ts';
import type { ChangeProfile } from './profile.ts';
import type { Reauthenticate } from './reauthenticate.ts';
import type { Revocation } from './revocation.ts';

export interface AccountParts {
  reauthenticate: Reauthenticate;
  changePassword: ChangePassword;
  deleteAccount: DeleteAccount;
  changeProfile: ChangeProfile;
  revocation: Revocation;
  owned: OwnedSessions;
  cookie: SessionCookie;
  expiry: Pick<Expiry, 'endOf'>;
}

/** What people do with their own account and sessions. Mounted behind `requireUser()`. */
export function accountRoutes(parts: AccountParts) {
  const { reauthenticate, changePassword, deleteAccount, changeProfile } = parts;
  const { revocation, owned, cookie, expiry } = parts;
  return new Hono<UserEnv>()
    .patch('/auth/user', input({ schema: Profile }), async (c) => {
      const result = await changeProfile(c.var.signedIn, c.req.valid('json'));
      return result.ok ? c.json({ user: userView(result.user) }) : refuse(c, result);
    })
    .post('/auth/reauthenticate', input({ schema: Proof }), async (c) => {
      const result = await reauthenticate(c.var.signedIn, c.req.valid('json').password);
      if (!result.ok) return refuse(c, result);
      const answer = renewed(c, result);
      return c.json(bearerOf(c) === null ? { session: answer.session } : answer);
    })
    .post('/auth/password', input({ schema: NewPassword }), async (c) => {
      const result = await changePassword(c.var.signedIn, c.req.valid('json'));
      if (!result.ok) return refuse(c, result);
      const answer = renewed(c, result);
      return bearerOf(c) === null ? c.body(null, 204) : c.json(answer);
    })
    .delete('/auth/user', input({ schema: Proof }), async (c) => {
      const result = await deleteAccount(c.var.signedIn, c.req.valid('json').password);
      if (!result.ok) return refuse(c, result);
      clearSessionCookie(c, cookie);
      return c.body(null, 204);
    })
    .get('/auth/sessions', async (c) => {
      const sessions = await owned.list(c.var.user);
      return c.json({
        sessions: sessions.map(({ id, record }) =>
          sessionView(id, { record, current: id === c.var.signedIn.token.id, expiry }),
        ),
      });
    })
    .delete('/auth/sessions/:id', input({ schema: NoFields }), async (c) => {
      const id = c.req.param('id');
      if (!(await owned.revoke(c.var.user.id, id))) return refuse(c, refusal('not_found'));
      if (id === c.var.signedIn.token.id) clearSessionCookie(c, cookie);
      return c.body(null, 204);
    })
    .delete('/auth/sessions', input({ schema: NoFields }), async (c) => {
      if (c.req.query('include') === 'current') {
        const result = await revocation.revokeOwn(c.var.signedIn);
        if (!result.ok) return refuse(c, result);
        clearSessionCookie(c, cookie);
        return c.json({ revoked: result.revoked });
      }
      const result = await revocation.revokeOthers(c.var.signedIn);
      if (!result.ok) return refuse(c, result);
      c.set('live', result.session);
      return c.json({ revoked: result.revoked });
    });

  /** Hands out a new token: by cookie, or in the body to who came with a bearer token. */
  function renewed(c: Context<UserEnv>, { token, session }: NewSignedInSession) {
    // What the session middleware would write belongs to the old token.
    c.set('live', session);
    if (bearerOf(c) === null) setSessionCookie(c, cookie, { token, session });
    const { record } = session;
    return { session: sessionView(session.token.id, { record, current: true, expiry }), token };
  }
}
