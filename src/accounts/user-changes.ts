import type { RedisClient } from '../redis/client.ts';
import { MARK_TTL, newMark } from '../session/card.ts';
import { cardKey } from '../session/keys.ts';
import type { User } from './users.ts';

export interface UserChanges {
  /**
   * Runs one conditional statement that changes a user, so that it holds at the user's next request
   * on every live session: while it runs nobody may cache the row, and afterwards the cached copy is
   * gone. null: the statement changed nothing. Rejects with a `Fault`: it may have changed the row,
   * and then holds as well, because the mark outlives it. `then` runs as soon as the row has changed.
   */
  apply(
    userId: string,
    statement: () => Promise<User | null>,
    then?: (changed: User) => Promise<void>,
  ): Promise<User | null>;
}

export function createUserChanges(redis: RedisClient): UserChanges {
  return {
    async apply(userId, statement, then) {
      await redis.put(cardKey(userId), newMark(), MARK_TTL);
      const changed = await statement();
      if (changed && then) await then(changed);
      // Only a change that is known to be over lets others cache the row again; else the mark stays
      // until it expires.
      const release = () => redis.delete([cardKey(userId)]);
      // Once more when its answer is lost: what was changed is changed, and should not be answered no.
      if (changed) await release().catch(release);
      return changed;
    },
  };
}
