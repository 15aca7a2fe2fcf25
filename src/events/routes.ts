import { Hono } from 'hono';
import { invalidField } from '../errors.ts';
import { query } from '../http/query.ts';
import { refuse } from '../http/refusal.tsx';
import { pageOf, pageSize } from '../paging.ts';
import { requireRole, type UserEnv } from '../session/guards.ts';
import { EVENT_KINDS, type EventQuery, type Events, type SecurityEvent } from './events.ts';

/** Security events, as their owner and admins see them. Mounted behind `requireUser()`. */
export function eventRoutes({ events }: { events: Pick<Events, 'list'> }) {
  return new Hono<UserEnv>()
    .get('/auth/events', query('cursor', 'limit'), async (c) => {
      const { cursor, limit = '100' } = c.req.valid('query');
      const listed = await pageOfEvents({ userId: c.var.user.id, cursor }, limit);
      return listed.ok ? c.json(listed.answer) : refuse(c, listed);
    })
    .get(
      '/admin/events',
      requireRole('admin'),
      query('user', 'kind', 'cursor', 'limit'),
      async (c) => {
        const { user, kind: named, cursor, limit } = c.req.valid('query');
        const kind = EVENT_KINDS.find((known) => known === named);
        if (named !== undefined && !kind) {
          const kinds = EVENT_KINDS.join(', ');
          return refuse(c, invalidField('kind', 'invalid', `A kind is one of ${kinds}.`));
        }
        const listed = await pageOfEvents({ userId: user, kind, cursor }, limit);
        return listed.ok ? c.json(listed.answer) : refuse(c, listed);
      },
    );

  async function pageOfEvents(asked: Omit<EventQuery, 'limit'>, limit: string | undefined) {
    const size = pageSize(limit);
    if (typeof size !== 'number') return size;
    const cursor = asked.cursor || undefined;
    const rows = await events.list({ ...asked, cursor, limit: size + 1 });
    const { page, next } = pageOf(rows, size);
    return { ok: true, answer: { events: page.map(eventView), next } } as const;
  }
}

/** An event as the API shows it. The time is ISO 8601 in UTC. */
const eventView = ({ at, ...event }: SecurityEvent) => ({
  ...event,
  at: new Date(at).toISOString(),
});
