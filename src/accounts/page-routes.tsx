import { Hono } from 'hono';
import type { CallerOf } from '../http/caller.ts';
import { input } from '../http/input.ts';
import { refuse } from '../http/refuse.tsx';
import type { SessionCookie } from '../session/cookie.ts';
import type { Expiry } from '../session/expiry.ts';
import type { UserEnv } from '../session/guards.ts';
import { clearSessionCookie } from '../session/middleware.ts';
import type { OwnedSessions } from '../session/owned-sessions.ts';
import { sessionView } from '../session/views.ts';
import { buttonForm } from '../ui/button-form.tsx';
import { NOTICE, noticeOf } from '../ui/notice.ts';
import type { Revocation } from './revocation.ts';
import { SessionsPage } from './sessions-page.tsx';

export interface AccountPageParts {
  revocation: Revocation;
  owned: OwnedSessions;
  cookie: SessionCookie;
  expiry: Pick<Expiry, 'endOf'>;
  callerOf: CallerOf;
}

const PATH = '/account/sessions';

const button = buttonForm('Your sessions');

/** Pages of one's own account, and their form routes. Mounted behind `requireUserOrLogin()`. */
export function accountPages(parts: AccountPageParts) {
  const { revocation, owned, cookie, expiry, callerOf } = parts;
  return new Hono<UserEnv>()
    .get(PATH, async (c) => {
      const current = c.var.signedIn.token.id;
      const sessions = (await owned.list(c.var.user)).map(({ id, record }) =>
        sessionView(id, { record, current: id === current, expiry }),
      );
      const body = <SessionsPage sessions={sessions} notice={noticeOf(c)} />;
      return c.render(body, { title: 'Your sessions' });
    })
    .post('/account/sessions/end-others', input(button), async (c) => {
      const result = await revocation.revokeOthers(c.var.signedIn, callerOf(c));
      if (!result.ok) return refuse(c, result);
      c.set('live', result.session);
      c.var.session.flash(NOTICE, ended(result.revoked));
      return c.redirect(PATH, 303);
    })
    .post('/account/sessions/:id/end', input(button), async (c) => {
      const id = c.req.param('id');
      const result = await revocation.revokeOne(c.var.signedIn, id, callerOf(c));
      if (!result.ok) {
        return refuse(c, { ...result, detail: 'That session has ended already.' });
      }
      if (id === c.var.signedIn.token.id) {
        clearSessionCookie(c, cookie);
        return c.redirect('/', 303);
      }
      c.var.session.flash(NOTICE, ended(1));
      return c.redirect(PATH, 303);
    });
}

const ended = (count: number) =>
  count === 1 ? 'One session was ended.' : `${count} sessions were ended.`;
