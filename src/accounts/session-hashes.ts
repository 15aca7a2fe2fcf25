import type { Result } from '../errors.ts';
import { createLimits } from '../limits/limits.ts';
import type { RedisClient } from '../redis/client.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { Rate } from '../settings.ts';
import { hours } from '../time.ts';

/** A change of the password asks for two. */
const SESSION_HASHES: Rate = { count: 60, window: hours(1) };

/**
 * Makes a password hash that a session asks for. It is counted by session, whatever its outcome:
 * right passwords, which no other limit counts, cost as much as wrong ones. Strangers never count
 * against a session. `rate_limited`: there were too many, so it was not made.
 */
export type SessionHashes = <T extends object>(
  session: Pick<SignedInSession, 'token'>,
  hash: () => Promise<Result<T>>,
) => Promise<Result<T>>;

export function createSessionHashes(redis: RedisClient): SessionHashes {
  const limit = createLimits(redis, { name: 'session-hashes', rate: SESSION_HASHES });
  return async function sessionHash({ token }, hash) {
    const asked = await limit.take(token.id);
    if (!asked.ok) return asked;
    const result = await hash().catch(asked.forgive);
    // Nobody had time to make it, because of others.
    if (!result.ok && result.code === 'overloaded') await asked.giveBack().catch(() => {});
    return result;
  };
}
