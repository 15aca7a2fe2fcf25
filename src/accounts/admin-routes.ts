import { type Context, Hono } from 'hono';
import { refusal } from '../errors.ts';
import type { CallerOf } from '../http/caller.ts';
import { input } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import { query } from '../http/query.ts';
import { refuse } from '../http/refusal.tsx';
import { pageSize } from '../paging.ts';
import { requireRecentLogin, requireRole, type UserEnv } from '../session/guards.ts';
import { userView } from '../session/views.ts';
import type { Clock } from '../time.ts';
import type { HandedOverLink } from '../users/link-tokens.ts';
import type { User } from '../users/users.ts';
import type { DeleteAccount } from './account-deletion.ts';
import type { Administration } from './administration.ts';
import { Administered, Invited } from './input.ts';
import type { Revocation } from './revocation.ts';

export interface AdminParts {
  administration: Administration;
  revocation: Pick<Revocation, 'revokeAll'>;
  deleteAccount: Pick<DeleteAccount, 'any'>;
  clock: Clock;
  callerOf: CallerOf;
}

/** What admins do to users. Reading asks for the role, changing for a recent login as well. Behind `requireUser()`. */
export function adminRoutes(parts: AdminParts) {
  const { administration, revocation, deleteAccount, callerOf } = parts;
  const recentLogin = requireRecentLogin(parts.clock);
  const adminOf = (c: Context<UserEnv>) => ({ id: c.var.user.id, by: callerOf(c) });
  return new Hono<UserEnv>()
    .use('/admin/*', requireRole('admin'))
    .get('/admin/users', query('query', 'cursor', 'limit'), async (c) => {
      const { query: part = '', cursor = '', ...asked } = c.req.valid('query');
      const limit = pageSize(asked.limit);
      if (typeof limit !== 'number') return refuse(c, limit);
      const { users, next } = await administration.list({ query: part, cursor, limit });
      return c.json({ users: users.map(adminView), next });
    })
    .get('/admin/users/:id', async (c) => {
      const user = await administration.get(c.req.param('id'));
      return user ? c.json({ user: adminView(user) }) : refuse(c, refusal('not_found'));
    })
    .post('/admin/users', recentLogin, input({ schema: Invited }), async (c) => {
      const { email = null, username = null, name = null, roles = [] } = c.req.valid('json');
      const invitation = { email, username, name, roles };
      const result = await administration.invite(invitation, adminOf(c));
      if (!result.ok) return refuse(c, result);
      const { user, resetLink } = result;
      return c.json(
        { user: adminView(user), ...(resetLink && { resetLink: linkView(resetLink) }) },
        201,
      );
    })
    .post('/admin/users/:id/reset-link', recentLogin, input({ schema: NoFields }), async (c) => {
      const result = await administration.makeResetLink(c.req.param('id'), adminOf(c));
      return result.ok ? c.json(linkView(result.resetLink), 201) : refuse(c, result);
    })
    .delete('/admin/users/:id', recentLogin, input({ schema: NoFields }), async (c) => {
      const result = await deleteAccount.any(c.req.param('id'), c.var.user, callerOf(c));
      return result.ok ? c.body(null, 204) : refuse(c, result);
    })
    .patch('/admin/users/:id', recentLogin, input({ schema: Administered }), async (c) => {
      const result = await administration.change(
        c.req.param('id'),
        c.req.valid('json'),
        adminOf(c),
      );
      return result.ok ? c.json({ user: adminView(result.user) }) : refuse(c, result);
    })
    .delete('/admin/users/:id/sessions', recentLogin, input({ schema: NoFields }), async (c) => {
      const result = await revocation.revokeAll(c.req.param('id'), c.var.user, callerOf(c));
      return result.ok ? c.json({ revoked: result.revoked }) : refuse(c, result);
    });
}

const linkView = ({ url, expiresAt }: HandedOverLink) => ({
  url,
  expiresAt: new Date(expiresAt).toISOString(),
});

const adminView = (user: User) => ({ ...userView(user), disabled: user.disabled });
