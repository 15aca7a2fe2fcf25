import { Fault } from '../errors.ts';
import { type Milliseconds, seconds } from '../time.ts';
import {
  checkMessage,
  formatSender,
  MAIL_HEADERS,
  type Mailer,
  MailRefused,
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

/** A provider that takes its time may have taken the message. */
const TIMEOUT: Milliseconds = seconds(30);

/** Mail over the HTTP API of Resend, on Node and on Workers. */
export function createResend(options: ResendOptions): Mailer {
  const { key, from, url = 'https://api.resend.com/emails', timeout = TIMEOUT } = options;
  const sender = formatSender(from);
  const underWay = new Set<AbortController>();
  let closed = false;

  async function post(headers: Record<string, string>, body: unknown): Promise<Response> {
    const closing = new AbortController();
    underWay.add(closing);
    return fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        // Without one the API answers 403, and on Workers `fetch` sends none of its own.
        'user-agent': 'gatehouse',
        ...headers,
      },
      body: JSON.stringify(body),
      // The key goes to this address and to no other.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeout), closing.signal]),
    })
      .catch((error) => {
        throw mailFault(error);
      })
      .finally(() => underWay.delete(closing));
  }

  return {
    async send(message) {
      checkMessage(message, from);
      const { id, to, subject, text, html } = message;
      // For 24 hours a repetition is answered like the first one and not sent again.
      const answer = await post(
        { 'idempotency-key': id },
        { ...{ from: sender, to: [to], subject, text, html }, headers: MAIL_HEADERS },
      );
      const said = await reasonIn(answer);
      if (answer.ok) return;
      const reason = `HTTP status ${answer.status}${said}`;
      throw isFinal(answer.status) ? new MailRefused(reason) : new Fault('mail', reason);
    },
    async check() {
      // A message without a recipient is refused, and not before the key was looked at.
      const answer = await post({}, {});
      const said = await reasonIn(answer);
      if (answer.status === 400 || answer.status === 422)
        return `${new URL(url).host} takes the key.`;
      throw new Fault('mail', `HTTP status ${answer.status}${said}`);
    },
    longest: timeout,
    room: () => (closed ? 0 : Number.POSITIVE_INFINITY),
    async close() {
      closed = true;
      for (const closing of underWay) closing.abort();
    },
  };
}

/**
 * Whether the same message would be refused again. 409 says that a request with the same key is
 * being worked on.
 */
const isFinal = (status: number) =>
  status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status);

/** The code in the answer, such as `validation_error`. Its message repeats addresses. */
async function reasonIn(answer: Response): Promise<string> {
  if (answer.ok) {
    await answer.body?.cancel().catch(() => {});
    return '';
  }
  const body = await answer.json().catch(() => null);
  const name = (body as { name?: unknown } | null)?.name;
  return typeof name === 'string' && /^[a-z_]{3,40}$/.test(name) ? ` ${name}` : '';
}
