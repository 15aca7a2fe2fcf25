import { type Result, refusal } from '../errors.ts';
import { withUserRole } from './roles.ts';
import type { UserChanges } from './user-changes.ts';
import type { User, UserChange, UserQuery, Users } from './users.ts';

/** What admins do to users. */
export interface Administration {
  /** One page of users, and the cursor of the next one; null: that was the last. */
  list(query: UserQuery): Promise<{ users: User[]; next: string | null }>;
  /** null: no such user. */
  get(id: string): Promise<User | null>;
  /**
   * Holds at the user's next request. `not_found`; `last_admin` when nobody would be left who can
   * administer.
   */
  change(
    id: string,
    change: Pick<UserChange, 'roles' | 'disabled' | 'name'>,
  ): Promise<Result<{ user: User }>>;
}

export function createAdministration(users: Users, changes: UserChanges): Administration {
  return {
    async list(query) {
      const found = await users.list({ ...query, limit: query.limit + 1 });
      const page = found.slice(0, query.limit);
      return { users: page, next: found.length > page.length ? (page.at(-1)?.id ?? null) : null };
    },
    get: (id) => users.byId(id),
    async change(id, { roles, disabled, name }) {
      const wanted = roles && withUserRole([...new Set(roles)]);
      const notLastAdmin = disabled === true || (wanted !== undefined && !wanted.includes('admin'));
      const changed = await changes.apply(id, () =>
        users.update(id, { roles: wanted, disabled, name }, { notLastAdmin }),
      );
      if (changed) return { ok: true, user: changed };
      return refusal((await users.byId(id)) ? 'last_admin' : 'not_found');
    },
  };
}
