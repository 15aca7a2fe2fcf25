import { Fault } from '../../src/errors.ts';
import type { Mailer, Message } from '../../src/mail/mailer.ts';

/** What a mailer of a test has beside its `send`. */
export const REST_OF_MAILER = {
  check: async () => 'It is a test.',
  longest: 10_000,
  room: () => Number.POSITIVE_INFINITY,
  close: async () => {},
};

/** Keeps what is sent, and can be made to fail. */
export class TestMailer {
  readonly sent: Message[] = [];
  /** Set: nothing is taken. */
  down = false;

  readonly mailer: Mailer = {
    send: async (message) => {
      if (this.down) throw new Fault('mail', 'down');
      this.sent.push(message);
    },
    ...REST_OF_MAILER,
  };
}

/** The secret of the link in a message. */
export function secretIn(message: Message | undefined): string {
  const secret = /^https?:\/\/\S+\/\w+\?(?:change&)?token=([\w-]{43})$/m.exec(
    message?.text ?? '',
  )?.[1];
  if (secret === undefined) throw new Error(`no link in ${message?.text ?? 'no message'}`);
  return secret;
}
