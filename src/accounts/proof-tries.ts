import type { Result } from '../errors.ts';
import { tooMany, tryOf } from '../limits/limits.ts';
import { STOP } from '../limits/tries.ts';
import type { RedisClient } from '../redis/client.ts';
import { proofFailuresKey, sessionProofsKey } from '../session/keys.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { Rate } from '../settings.ts';
import { days, hours } from '../time.ts';
import type { SessionHashes } from './session-hashes.ts';

/**
 * Counts wrong passwords of live sessions: by session, and in a row over all sessions of the account.
 * Strangers' failures are counted elsewhere, so they never keep a session from its password. A sign-in
 * and a reset start the account's count anew (`AccountTries`).
 */
export interface ProofTries {
  /**
   * Makes a try that is counted before it is made. Only a wrong password stays counted; after a right
   * one the account's failures start anew. `rate_limited`: there were too many, so it was not made.
   */
  attempt<T extends object>(
    session: Pick<SignedInSession, 'user' | 'token'>,
    work: () => Promise<Result<T>>,
  ): Promise<Result<T>>;
}

/** A stolen session is not told to come back in a month. */
const LONGEST_TOLD = hours(1);

/**
 * @param rate How often one session may fail in a window.
 * @param sessionHash Counts the hash of each try, also that of a right password.
 * @param named The setting that a refusal names, for a developer.
 */
export function createProofTries(
  redis: RedisClient,
  rate: Rate,
  sessionHash: SessionHashes,
  named: (setting: string) => string | undefined,
): ProofTries {
  return {
    async attempt(session, work) {
      const { user, token } = session;
      const account = proofFailuresKey(user.id);
      const { wait, counts } = await redis.count([
        { key: sessionProofsKey(user.id, token.id), max: rate.count, window: rate.window },
        { key: account, max: STOP, window: days(30) },
      ]);
      if (wait > rate.window) return { ...tooMany(LONGEST_TOLD), reason: 'sign_in_again' };
      if (wait > 0) return tooMany(wait, named('LIMIT_PASSWORD'));
      const { giveBack, forgive } = tryOf(() => redis.uncount(counts));
      const result = await sessionHash(session, work).catch(forgive);
      // What is done is done, and not answered no because a count stays too high.
      if (result.ok) await redis.uncount(counts.slice(0, 1), [account]).catch(() => {});
      else if (result.code !== 'invalid_credentials') await giveBack().catch(() => {});
      return result;
    },
  };
}
