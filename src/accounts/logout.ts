import type { Caller } from '../caller.ts';
import type { Events } from '../events/events.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Token } from '../session/token.ts';

/** Ends the sessions of these tokens, whoever they belong to (ASVS 7.4.1). */
export type Logout = (tokens: readonly Token[], by: Caller) => Promise<void>;

export function createLogout(sessions: Pick<Sessions, 'end'>, events: Events): Logout {
  return async function logout(tokens, by) {
    await Promise.all(
      tokens.map(async ({ id, userId }) => {
        const ended = await sessions.end({ id, userId });
        // A token whose session was over before is no sign of its owner.
        if (ended && userId !== null) {
          events.record({ kind: 'signed_out', userId, actorId: userId, by });
        }
      }),
    );
  };
}
