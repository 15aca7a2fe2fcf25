import { createTransport } from 'nodemailer';
import { Fault } from '../errors.ts';
import { isLoopback } from '../loopback.ts';
import { type Milliseconds, seconds } from '../time.ts';
import { checkMessage, MAIL_HEADERS, type Mailer, mailFault, type Sender } from './mailer.ts';
import { SMTP_LIMITS, type SmtpLimits, watchPhases } from './smtp-phases.ts';

export interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://…`, the credentials percent-encoded. */
  url: string;
  from: Sender;
  /** What this server calls itself in EHLO (RFC 5321 section 4.1.1.1). */
  helo: string;
  /** No TLS, not even where it is offered. */
  plain?: boolean;
  limits?: SmtpLimits;
  /** PEM of the one authority to trust, in place of those of Node. */
  ca?: string;
}

/** A server that hangs keeps so many connections, however much mail there is. */
const AT_ONCE = 10;

/** Somebody waits for a check. */
const CHECK: Milliseconds = seconds(20);

type Transport = ReturnType<typeof createTransport>;

/** Mail over SMTP, a connection for each message. Node only. */
export function createSmtp(options: SmtpOptions): Mailer {
  const { from, limits = SMTP_LIMITS } = options;
  const [, domain] = from.address.split('@');
  const underWay = new Set<AbortController>();
  let closed = false;

  /** Has a conversation, within the limits of its steps. */
  async function converse(
    limits: SmtpLimits,
    talk: (transport: Transport, signal: AbortSignal) => Promise<unknown>,
  ): Promise<void> {
    const closing = new AbortController();
    const watch = watchPhases(limits);
    const transport = createTransport({
      ...peerOf(options),
      name: options.helo,
      // The steps are limited by `watchPhases`; these hold where the library does not tell of one.
      ...{ connectionTimeout: limits.total, greetingTimeout: limits.total },
      ...{ socketTimeout: limits.total, dnsTimeout: limits.connection },
      ...{ logger: watch.logger as never, transactionLog: true },
    });
    const signal = AbortSignal.any([watch.signal, closing.signal]);
    underWay.add(closing);
    try {
      await talk(transport, signal);
    } catch (error) {
      const late = watch.late();
      throw late === null ? mailFault(error) : new Fault('mail', `no ${late} in time`);
    } finally {
      watch.stop();
      underWay.delete(closing);
      transport.close();
    }
  }

  return {
    async send(message) {
      checkMessage(message, from);
      const { id, to, subject, text, html } = message;
      await converse(limits, (transport, signal) =>
        transport.sendMail({
          // As objects: an address is taken as it stands, and nothing is parsed out of it.
          from,
          to: { name: '', address: to },
          envelope: { from: from.address, to: [to] },
          messageId: `<${id}@${domain}>`,
          headers: MAIL_HEADERS,
          ...{ subject, text, html },
          disableFileAccess: true,
          disableUrlAccess: true,
          signal,
        }),
      );
    },
    async check() {
      const { host, port, auth } = peerOf(options);
      const short = { ...limits, total: Math.min(limits.total, CHECK) };
      await converse(short, (transport, signal) =>
        Promise.race([transport.verify(), aborted(signal)]),
      );
      return `${host}:${port} greets${auth ? ' and takes the password' : ''}.`;
    },
    longest: limits.total,
    room: () => (closed ? 0 : AT_ONCE - underWay.size),
    async close() {
      closed = true;
      for (const closing of underWay) closing.abort();
    },
  };
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** Parsed here, because the library takes any of its options from the query of an address. */
function peerOf({ url, ca, plain = false }: SmtpOptions) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const local = isLoopback(hostname);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    ignoreTLS: plain,
    // Whoever sits between could otherwise take the offer of STARTTLS away, and read along.
    requireTLS: !secure && !local && !plain,
    // No authority vouches for `localhost`, and there plain text would do.
    tls: { rejectUnauthorized: secure || !local, ...(ca !== undefined && { ca }) },
    ...(user !== '' && { auth: { user, pass } }),
  };
}
