import { refusal } from '../errors.ts';
import type { User } from '../users/users.ts';
import type { AppContext } from './env.ts';
import { refuse } from './refusal.tsx';

const DETAIL = 'Another user is signed in now. Nothing was changed.';

/**
 * Answers a request that was meant for another user than the one who is signed in: 409 `conflict`.
 * A form gets a page that names who is signed in, and not its own page again: one more click would
 * send what another person typed.
 */
export function refuseOtherUser(c: AppContext, { email, username }: User) {
  c.set('form', undefined);
  const name = email ?? username ?? '';
  return refuse(c, refusal('conflict', { detail: DETAIL }), (t) => ({
    title: t.otherUser.title,
    said: t.otherUser.now(name),
  }));
}
