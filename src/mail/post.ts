import { uuidv7 } from 'uuidv7';
import { type Refusal, refusal } from '../errors.ts';
import type { Language } from '../texts/language.ts';
import type { Clock } from '../time.ts';
import type { Companion, MailToUser } from '../users/companion.ts';
import type { User } from '../users/users.ts';
import type { Delivery } from './delivery.ts';
import { type MailPurpose, type MailQueue, NOTICES } from './queue.ts';

/** Where features put their mail in. Nothing here waits for a transport. */
export interface Post {
  /** `unavailable` when there is no transport, for what can't be done without. null: there is one. */
  missing(): Refusal | null;
  /** Mail to whoever has the address. Rejects with a `Fault`: it is not in. */
  put(mail: AddressMail): Promise<{ ok: true }>;
  /** Mail for a user who still has this epoch, all of it or none. Rejects with a `Fault`. */
  putFor(user: Pick<User, 'id' | 'epoch'>, mails: readonly UserMail[]): Promise<{ ok: true }>;
  /** Mail that goes in with a change of a user; none without a transport. Then `kick`. */
  with(mail: UserMail): Companion[];
  /** Sends what was put in, without anybody waiting for it. */
  kick(): void;
}

export interface AddressMail {
  purpose: MailPurpose;
  address: string;
  name?: string | null;
  language: Language;
}

/** To `address`, or to the one that the user has before the change. */
export interface UserMail {
  purpose: MailPurpose;
  address?: string;
  /** Only where the address is confirmed. */
  confirmed?: boolean;
  /** The change that it goes with confirms the address. */
  confirming?: boolean;
  language: Language;
}

export function createPost(queue: MailQueue, delivery: Delivery | null, clock: Clock): Post {
  const kick = () => delivery?.kick();
  const stamp = () => ({ id: uuidv7(), createdAt: clock.now() });
  const toUser = ({ address, ...mail }: UserMail): MailToUser => ({
    ...mail,
    ...stamp(),
    address: address ?? null,
    notice: NOTICES.has(mail.purpose),
  });
  return {
    missing: () =>
      delivery
        ? null
        : refusal('unavailable', {
            reason: 'no_mail',
            retryAfter: 30,
          }),
    async put({ name = null, ...mail }) {
      await queue.add({ ...mail, ...stamp(), name });
      kick();
      return { ok: true };
    },
    async putFor(user, mails) {
      await queue.addFor(user, mails.map(toUser));
      kick();
      return { ok: true };
    },
    with: (mail) => (delivery ? [{ mail: toUser(mail) }] : []),
    kick,
  };
}
