import { Fault } from '../errors.ts';
import type { Milliseconds } from '../time.ts';
import {
  checkMessage,
  formatSender,
  MAIL_HEADERS,
  MAIL_TIMEOUT,
  type Mailer,
  mailFault,
  type Sender,
} from './mailer.ts';

export interface ResendOptions {
  key: string;
  from: Sender;
  /** Where messages are posted to. */
  url?: string;
  /** Limit of one message. */
  timeout?: Milliseconds;
}

/** Mail over the HTTP API of Resend, on Node and on Workers. */
export function createResend(options: ResendOptions): Mailer {
  const { key, from, url = 'https://api.resend.com/emails', timeout = MAIL_TIMEOUT } = options;
  const sender = formatSender(from);
  return {
    async send(message) {
      checkMessage(message, from);
      const { id, to, subject, text, html } = message;
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          // For 24 hours a repetition is answered like the first one and not sent again.
          'idempotency-key': id,
          // Without one the API answers 403, and on Workers `fetch` sends none of its own.
          'user-agent': 'gatehouse',
        },
        body: JSON.stringify({
          ...{ from: sender, to: [to], subject, text, html },
          headers: MAIL_HEADERS,
        }),
        // The key goes to this address and to no other.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      }).catch((error) => {
        throw mailFault(error);
      });
      // Its body repeats addresses and holds nothing that counts.
      await answer.body?.cancel().catch(() => {});
      if (!answer.ok) throw new Fault('mail', `status ${answer.status}`);
    },
    async close() {},
  };
}
