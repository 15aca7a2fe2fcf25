import { refusal } from '../errors.ts';
import type { User } from '../users/users.ts';
import type { AppContext } from './env.ts';
import { refuse } from './refusal.tsx';

/**
 * Answers a request that was meant for another user than the one who is signed in: 409 `conflict`.
 * A form gets a page that names who is signed in, and not its own page again: one more click would
 * send what another person typed.
 */
export function refuseOtherUser(c: AppContext, { email, username }: User) {
  c.set('form', undefined);
  const name = email ?? username ?? '';
  return refuse(c, refusal('conflict', { reason: 'other_user' }), (t) => ({
    title: t.otherUser.title,
    said: t.otherUser.now(name),
  }));
}
