import { createTransport } from 'nodemailer';
import { isLoopback } from '../loopback.ts';
import type { Milliseconds } from '../time.ts';
import {
  checkMessage,
  MAIL_HEADERS,
  MAIL_TIMEOUT,
  type Mailer,
  mailFault,
  type Sender,
} from './mailer.ts';

export interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://…`, the credentials percent-encoded. */
  url: string;
  from: Sender;
  /** Limit of one message, all steps together. */
  timeout?: Milliseconds;
  /** PEM of the one authority to trust, in place of those of Node. */
  ca?: string;
}

/** Mail over SMTP, a connection for each message. Node only. */
export function createSmtp({ url, from, timeout = MAIL_TIMEOUT, ca }: SmtpOptions): Mailer {
  const transport = createTransport({
    ...peerOf(url, ca),
    // Each step alone; the signal below limits all of them together, also for a peer that trickles.
    ...{ connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout },
    dnsTimeout: timeout,
  });
  const [, domain] = from.address.split('@');
  return {
    async send(message) {
      checkMessage(message, from);
      const { id, to, subject, text, html } = message;
      try {
        await transport.sendMail({
          // As objects: an address is taken as it stands, and nothing is parsed out of it.
          from,
          to: { name: '', address: to },
          envelope: { from: from.address, to: [to] },
          messageId: `<${id}@${domain}>`,
          headers: MAIL_HEADERS,
          ...{ subject, text, html },
          disableFileAccess: true,
          disableUrlAccess: true,
          signal: AbortSignal.timeout(timeout),
        });
      } catch (error) {
        throw mailFault(error);
      }
    },
    async close() {
      transport.close();
    },
  };
}

/** Parsed here, because the library takes any of its options from the query of an address. */
function peerOf(url: string, ca: string | undefined) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const local = isLoopback(hostname);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    // Whoever sits between could otherwise take the offer of STARTTLS away, and read along.
    requireTLS: !secure && !local,
    // No authority vouches for `localhost`, and there plain text would do.
    tls: { rejectUnauthorized: secure || !local, ...(ca !== undefined && { ca }) },
    ...(user !== '' && { auth: { user, pass } }),
  };
}
