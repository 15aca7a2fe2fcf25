import type { RedisClient } from '../redis/client.ts';
import { MARK_TTL, newMark } from '../session/card.ts';
import { cardKey, sessionKey } from '../session/keys.ts';
import type { OwnedSession } from '../session/owned-sessions.ts';

export interface UserChanges {
  /**
   * Runs one conditional statement that changes a user, and what must follow as soon as the row has
   * changed, so that it holds at the user's next request on every live session: while it runs nobody
   * may cache the row, and afterwards the cached copy is gone. Sessions that the change ends are
   * found beside it, told to it, and dropped. null: the statement changed nothing. Rejects with a
   * `Fault`: it may have changed the row, and then holds as well while its mark is there.
   */
  apply<T extends object>(
    userId: string,
    change: (ending: OwnedSession[]) => Promise<T | null>,
    findEnding?: () => Promise<OwnedSession[]>,
  ): Promise<T | null>;
}

export function createUserChanges(redis: RedisClient): UserChanges {
  return {
    async apply(userId, change, findEnding) {
      const card = cardKey(userId);
      const marking = redis.put(card, newMark(), MARK_TTL);
      const [ending = []] = await Promise.all([findEnding?.(), marking]);
      const changed = await change(ending);
      if (!changed) return null;
      const useless = ending.map(({ id }) => sessionKey(userId, id));
      // Only a change that is known to be over lets others cache the row again; else the mark stays
      // until it expires. Once more when its answer is lost: what was changed is changed, and should
      // not be answered no. Failing twice it rejects, because another change of the user may have
      // deleted the mark, and then nothing holds this one.
      const release = () => redis.delete([card, ...useless]);
      await release().catch(release);
      return changed;
    },
  };
}
