import type { SQL } from 'drizzle-orm';
import type { Companion } from '../db/client.ts';
import { type Refusal, refusal } from '../errors.ts';
import type { Delivery } from './delivery.ts';
import type { MailQueue, NewMail } from './queue.ts';

/** Where features put their mail in. Nothing here waits for a transport. */
export interface Post {
  /** `unavailable` when there is no transport, for what can't be done without. null: there is one. */
  missing(): Refusal | null;
  /** Mail to whoever has the address. Rejects with a `Fault`: it is not in. */
  put(mail: NewMail): Promise<{ ok: true }>;
  /** Mail for the user whom `where` picks, as one batch. Rejects with a `Fault`. */
  putFor(where: SQL | undefined, mails: readonly UserMail[]): Promise<{ ok: true }>;
  /** Mail that goes in with a change of a user; none without a transport. Then `kick`. */
  with(mail: UserMail): Companion[];
  /** Sends what was put in, without anybody waiting for it. */
  kick(): void;
}

/** To `address`, or to the one that the user has before the change. */
export type UserMail = Omit<NewMail, 'address'> & { address?: string };

export function createPost(queue: MailQueue, delivery: Delivery | null): Post {
  const kick = () => delivery?.kick();
  return {
    missing: () =>
      delivery
        ? null
        : refusal('unavailable', {
            detail: 'This service sends no mail: MAIL_URL is not set.',
            retryAfter: 30,
          }),
    async put(mail) {
      await queue.add(mail);
      kick();
      return { ok: true };
    },
    async putFor(where, mails) {
      await queue.addFor(where, mails.map(queue.companion));
      kick();
      return { ok: true };
    },
    with: (mail) => (delivery ? [queue.companion(mail)] : []),
    kick,
  };
}
