import type { RedisClient } from '../redis/client.ts';
import { MARK_TTL, newMark } from '../session/card.ts';
import { cardKey } from '../session/keys.ts';
import type { User } from '../users/users.ts';

export interface ChangeOptions {
  /** Finds the keys of records that are of no use after the change, before it is made. */
  find?: () => Promise<string[]>;
  /** Runs as soon as the row has changed. */
  after?: (changed: User) => Promise<void>;
}

export interface UserChanges {
  /**
   * Runs one conditional statement that changes a user, so that it holds at the user's next request
   * on every live session: while it runs nobody may cache the row, and afterwards the cached copy is
   * gone. null: the statement changed nothing. Rejects with a `Fault`: it may have changed the row,
   * and then holds as well, because the mark outlives it.
   */
  apply(
    userId: string,
    statement: () => Promise<User | null>,
    options?: ChangeOptions,
  ): Promise<User | null>;
}

export function createUserChanges(redis: RedisClient): UserChanges {
  return {
    async apply(userId, statement, { find, after } = {}) {
      const card = cardKey(userId);
      const [useless = []] = await Promise.all([find?.(), redis.put(card, newMark(), MARK_TTL)]);
      const changed = await statement();
      if (!changed) return null;
      await after?.(changed);
      // Only a change that is known to be over lets others cache the row again; else the mark stays
      // until it expires. Once more when its answer is lost: what was changed is changed, and should
      // not be answered no.
      const release = () => redis.delete([card, ...useless]);
      await release().catch(release);
      return changed;
    },
  };
}
