import { Hono } from 'hono';
import { invalidField, refusal } from '../errors.ts';
import { input } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import { refuse } from '../http/refuse.tsx';
import { requireRecentLogin, requireRole, type UserEnv } from '../session/guards.ts';
import { userView } from '../session/views.ts';
import type { Clock } from '../time.ts';
import type { Administration } from './administration.ts';
import { Administered } from './input.ts';
import type { Revocation } from './revocation.ts';
import type { User } from './users.ts';

export interface AdminParts {
  administration: Administration;
  revocation: Pick<Revocation, 'revokeAll'>;
  clock: Clock;
}

const MAX_PAGE = 100;

/** What admins do to users. Reading asks for the role, changing for a recent login as well. Behind `requireUser()`. */
export function adminRoutes({ administration, revocation, clock }: AdminParts) {
  const recentLogin = requireRecentLogin(clock);
  return new Hono<UserEnv>()
    .use('/admin/*', requireRole('admin'))
    .get('/admin/users', async (c) => {
      const { query = '', cursor = '', limit = '50' } = c.req.query();
      const count = Number(limit);
      if (!/^\d+$/.test(limit) || count < 1 || count > MAX_PAGE) {
        return refuse(c, invalidField('limit', 'invalid', `Ask for 1 to ${MAX_PAGE} users.`));
      }
      const { users, next } = await administration.list({ query, cursor, limit: count });
      return c.json({ users: users.map(adminView), next });
    })
    .get('/admin/users/:id', async (c) => {
      const user = await administration.get(c.req.param('id'));
      return user ? c.json({ user: adminView(user) }) : refuse(c, refusal('not_found'));
    })
    .patch('/admin/users/:id', recentLogin, input({ schema: Administered }), async (c) => {
      const result = await administration.change(c.req.param('id'), c.req.valid('json'));
      return result.ok ? c.json({ user: adminView(result.user) }) : refuse(c, result);
    })
    .delete('/admin/users/:id/sessions', recentLogin, input({ schema: NoFields }), async (c) => {
      const result = await revocation.revokeAll(c.req.param('id'));
      return result.ok ? c.json({ revoked: result.revoked }) : refuse(c, result);
    });
}

const adminView = (user: User) => ({ ...userView(user), disabled: user.disabled });
