import { Hono } from 'hono';
import { refusal } from '../errors.ts';
import type { CallerOf } from '../http/caller.ts';
import { homeOf, type Origins } from '../http/cross-site.ts';
import { input } from '../http/input.ts';
import { refuse } from '../http/refusal.tsx';
import { textsOf } from '../http/texts.ts';
import type { SessionCookie } from '../session/cookie.ts';
import type { UserEnv } from '../session/guards.ts';
import { clearSessionCookie } from '../session/middleware.ts';
import type { OwnedSessions } from '../session/owned-sessions.ts';
import { buttonForm } from '../ui/button-form.tsx';
import { NOTICE, noticeOf } from '../ui/notice.ts';
import type { Devices } from './devices.ts';
import type { Revocation } from './revocation.ts';
import { SessionsPage } from './sessions-page.tsx';

export interface SessionsPageParts {
  revocation: Revocation;
  owned: OwnedSessions;
  devices: Pick<Devices, 'list' | 'forget' | 'forgetAll'>;
  cookie: SessionCookie;
  callerOf: CallerOf;
  origins: Origins;
}

const PATH = '/account/sessions';

const button = buttonForm(
  (t) => t.sessions.title,
  (t) => t.sessions.alreadyEnded,
);

const deviceButton = buttonForm(
  (t) => t.devices.title,
  (t) => t.devices.alreadyForgotten,
);

/** Pages of one's own account, and their form routes. Mounted behind `requireUserOrLogin()`. */
export function sessionsPageRoutes(parts: SessionsPageParts) {
  const { revocation, owned, devices, cookie, callerOf } = parts;
  return (
    new Hono<UserEnv>()
      .get(PATH, async (c) => {
        const t = textsOf(c);
        const current = c.var.signedIn.token.id;
        const [sessions, known] = await Promise.all([
          owned.list(c.var.signedIn),
          // The page is of use without them.
          devices.list(c.var.user).catch(() => null),
        ]);
        const { id: signedInAs } = c.var.user;
        const props = { t, signedInAs, sessions, devices: known, current, notice: noticeOf(c) };
        return c.render(<SessionsPage {...props} />, { title: t.sessions.title, wide: true });
      })
      // Not `/end-others`: beside a pattern it would make Hono's router take a slower way for all.
      .post('/account/sessions/:action', input(button), async (c) => {
        if (c.req.param('action') !== 'end-others') return refuse(c, refusal('not_found'));
        const result = await revocation.revokeOthers(c.var.signedIn, callerOf(c));
        if (!result.ok) return refuse(c, result);
        c.set('live', result.session);
        c.var.session.flash(NOTICE, textsOf(c).sessions.ended(result.revoked));
        return c.redirect(PATH, 303);
      })
      .post('/account/sessions/:id/end', input(button), async (c) => {
        const id = c.req.param('id');
        const result = await revocation.revokeOne(c.var.signedIn, id, callerOf(c));
        if (!result.ok) return refuse(c, result);
        if (id === c.var.signedIn.token.id) {
          clearSessionCookie(c, cookie);
          return c.redirect(homeOf(parts.origins), 303);
        }
        c.var.session.flash(NOTICE, textsOf(c).sessions.ended(1));
        return c.redirect(PATH, 303);
      })
      .post('/account/devices/:action', input(deviceButton), async (c) => {
        if (c.req.param('action') !== 'forget-all') return refuse(c, refusal('not_found'));
        await devices.forgetAll(c.var.user.id, callerOf(c));
        c.var.session.flash(NOTICE, textsOf(c).devices.allForgotten);
        return c.redirect(PATH, 303);
      })
      .post('/account/devices/:id/forget', input(deviceButton), async (c) => {
        const id = c.req.param('id');
        if (!(await devices.forget(c.var.user.id, id, callerOf(c)))) {
          return refuse(c, refusal('not_found'));
        }
        c.var.session.flash(NOTICE, textsOf(c).devices.forgotten);
        return c.redirect(PATH, 303);
      })
  );
}
