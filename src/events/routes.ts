import { Hono } from 'hono';
import { invalidField } from '../errors.ts';
import { query } from '../http/query.ts';
import { refuse } from '../http/refusal.tsx';
import { pageOf, pageSize } from '../paging.ts';
import { requireRole, type UserEnv } from '../session/guards.ts';
import { EVENT_KINDS, type Events, type SecurityEvent } from './events.ts';

const OWN = 100;

/** Security events, as their owner and admins see them. Mounted behind `requireUser()`. */
export function eventRoutes({ events }: { events: Pick<Events, 'list'> }) {
  return new Hono<UserEnv>()
    .get('/auth/events', async (c) => {
      const own = await events.list({ userId: c.var.user.id, limit: OWN });
      return c.json({ events: own.map(eventView) });
    })
    .get(
      '/admin/events',
      requireRole('admin'),
      query('user', 'kind', 'cursor', 'limit'),
      async (c) => {
        const { user, kind: named, cursor, limit } = c.req.valid('query');
        const size = pageSize(limit);
        if (typeof size !== 'number') return refuse(c, size);
        const kind = EVENT_KINDS.find((known) => known === named);
        if (named !== undefined && !kind) {
          const kinds = EVENT_KINDS.join(', ');
          return refuse(c, invalidField('kind', 'invalid', `A kind is one of ${kinds}.`));
        }
        const asked = { userId: user, kind, cursor: cursor || undefined };
        const { page, next } = pageOf(await events.list({ ...asked, limit: size + 1 }), size);
        return c.json({ events: page.map(eventView), next });
      },
    );
}

/** An event as the API shows it. The time is ISO 8601 in UTC. */
const eventView = ({ at, ...event }: SecurityEvent) => ({
  ...event,
  at: new Date(at).toISOString(),
});
