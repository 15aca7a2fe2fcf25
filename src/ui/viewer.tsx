import type { Texts } from '../texts/texts.ts';
import type { User } from '../users/users.ts';
import { Button } from './form.tsx';

/** The best name that there is. */
export const nameOf = ({ name, username, email }: Pick<User, 'name' | 'username' | 'email'>) =>
  name ?? username ?? email ?? '';

/** Who is signed in, and the way out (ASVS 7.4.4). */
export function Viewer({ t, user }: { t: Texts; user: User }) {
  return (
    <div class="viewer">
      <a href="/account">{nameOf(user)}</a>
      <Button action="/auth/logout" label={t.signOut} signedInAs={user.id} look="quiet small" />
    </div>
  );
}
