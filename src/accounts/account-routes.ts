import { Hono } from 'hono';
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
import { sessionView, userView } from '../session/views.ts';
import { Profile, Proof } from './input.ts';
import type { ChangeProfile } from './profile.ts';
import type { Reauthenticate } from './reauthenticate.ts';
import type { Revocation } from './revocation.ts';

export interface AccountParts {
  reauthenticate: Reauthenticate;
  changeProfile: ChangeProfile;
  revocation: Revocation;
  owned: OwnedSessions;
  cookie: SessionCookie;
  expiry: Pick<Expiry, 'endOf'>;
}

/** What people do with their own account and sessions. Mounted behind `requireUser()`. */
export function accountRoutes(parts: AccountParts) {
  const { reauthenticate, changeProfile, revocation, owned, cookie, expiry } = parts;
  return new Hono<UserEnv>()
    .patch('/auth/user', input({ schema: Profile }), async (c) => {
      const result = await changeProfile(c.var.signedIn, c.req.valid('json'));
      return result.ok ? c.json({ user: userView(result.user) }) : refuse(c, result);
    })
    .post('/auth/reauthenticate', input({ schema: Proof }), async (c) => {
      const result = await reauthenticate(c.var.signedIn, c.req.valid('json').password);
      if (!result.ok) return refuse(c, result);
      const { token, session } = result;
      // What the session middleware would write belongs to the old token.
      c.set('live', session);
      const view = sessionView(session.token.id, { record: session.record, current: true, expiry });
      if (bearerOf(c) !== null) return c.json({ session: view, token });
      setSessionCookie(c, cookie, result);
      return c.json({ session: view });
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
}
