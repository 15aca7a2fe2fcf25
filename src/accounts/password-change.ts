import type { Caller } from '../caller.ts';
import { type Result, refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { askersOf } from '../limits/address.ts';
import type { Post } from '../mail/post.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { PasswordPolicy } from '../passwords/policy.ts';
import type { SignedInSession } from '../session/reader.ts';
import type { Sessions } from '../session/sessions.ts';
import { dropLinks } from '../users/link-tokens.ts';
import type { Users } from '../users/users.ts';
import type { DeviceCookies, Devices } from './devices.ts';
import type { Prove } from './proof.ts';
import type { Renewed } from './reauthentication.ts';
import type { SessionHashes } from './session-hashes.ts';
import type { UserChanges } from './user-changes.ts';

export interface ChangePasswordParts {
  users: Users;
  changes: UserChanges;
  passwords: Passwords;
  policy: PasswordPolicy;
  prove: Prove;
  sessionHash: SessionHashes;
  sessions: Pick<Sessions, 'renewToken'>;
  devices: Pick<Devices, 'startAnew'>;
  post: Post;
  events: Events;
}

export type ChangePassword = (
  session: SignedInSession,
  request: { currentPassword: string; newPassword: string; device: DeviceCookies },
  by: Caller,
  /** Told as soon as the token before is dead, so that no fault after it signs anybody out. */
  renewing: (renewed: Renewed) => void,
) => Promise<Result<{ renewed: Renewed | null }>>;

/**
 * Replaces a password by somebody who knows the one before. Every other session of the user ends,
 * links that are out stop working, every other device is forgotten, this session goes on with a new
 * token, and the owner is told (ASVS 6.3.7, 7.4.3, 7.5.1). A change that is done is answered so:
 * `renewed` is null if this session ended meanwhile or could not be written, and then its owner
 * signs in with the new password.
 */
export function createChangePassword(parts: ChangePasswordParts): ChangePassword {
  const { users, changes, passwords, policy, prove, sessionHash, sessions } = parts;
  const { devices, post, events } = parts;
  return async function changePassword(session, request, by, renewing) {
    const { currentPassword, newPassword } = request;
    const weak = await policy.check(newPassword, session.user, 'newPassword');
    if (weak) return weak;
    const proven = await prove(session, currentPassword, by);
    if (!proven.ok) return proven;
    const askers = askersOf(by.ip, session.user.id);
    const hashed = await sessionHash(session, () => passwords.hash(newPassword, askers));
    if (!hashed.ok) return hashed;

    const { id, epoch } = proven.user;
    const change = { passwordHash: hashed.hash, endSessions: true };
    const { verified } = proven;
    const device = devices.startAnew(id, request.device, by);
    const companions = [
      ...device.companions,
      events.companion('password_changed', by, id),
      ...post.with({ purpose: 'password_changed', language: by.language }),
      dropLinks(),
    ];
    const changed = await changes.apply(id, async () => {
      const user = await users.update(id, change, { epoch, verified }, companions);
      if (!user) return null;
      const result = await sessions.renewToken(session, user, epoch);
      if (!result.ok) return { renewed: null };
      const renewed = { ...result, device: device.cookie };
      renewing(renewed);
      return { renewed };
    });
    // Somebody else changed it in the meantime.
    if (!changed) return refusal('conflict');
    post.kick();
    return { ok: true, ...changed };
  };
}
