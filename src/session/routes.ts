import { Hono } from 'hono';
import { refusal } from '../errors.ts';
import type { AppEnv } from '../http/env.ts';
import { refuse } from '../http/refuse.tsx';
import type { Expiry } from './expiry.ts';
import { currentSessionView, userView } from './views.ts';

/** What a session says of itself. Mounted behind the session middleware. */
export function sessionRoutes({ expiry }: { expiry: Pick<Expiry, 'endOf'> }) {
  return new Hono<AppEnv>()
    .get('/auth/session', (c) => {
      const live = c.get('live');
      if (!live?.user) return c.json({ user: null, session: null });
      return c.json({ user: userView(live.user), session: currentSessionView(live, expiry) });
    })
    .get('/auth/verify', (c) => {
      const user = c.get('live')?.user;
      if (!user) return refuse(c, refusal('not_signed_in'));
      const role = c.req.query('role');
      if (role !== undefined && !user.roles.includes(role)) return refuse(c, refusal('forbidden'));
      c.header('X-Auth-User-Id', headerText(user.id));
      c.header('X-Auth-Email', headerText(user.email ?? ''));
      c.header('X-Auth-Email-Verified', String(user.emailVerified));
      c.header('X-Auth-Roles', headerText(user.roles.join(',')));
      return c.body(null, 204);
    });
}

/** Headers hold ASCII: everything else, and what would end a header, as percent-encoded UTF-8. */
const headerText = (text: string) =>
  text.replace(/[^ -$&-~]+/gu, (part) => encodeURIComponent(part));
