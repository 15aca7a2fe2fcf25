import { Fault } from '../errors.ts';
import { reasonOf } from '../fault-reason.ts';
import type { Milliseconds } from '../time.ts';

/** One message, ready to go. */
export interface Message {
  /** Of this text and no other, so that a provider can tell a repetition. [A-Za-z0-9-]+ */
  id: string;
  /** One canonical address. */
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Hands messages to a transport. */
export interface Mailer {
  /**
   * Rejects with a `Fault` of part `mail` when a message is not known to have been taken; it may have
   * been, so the next try carries the same id. Rejects with a `MailRefused` when no other try will do.
   */
  send(message: Message): Promise<void>;
  /**
   * Connects, greets and signs in as for a message, and sends none. Answers what there is to say, in
   * a sentence. Rejects with a `Fault`.
   */
  check(): Promise<string>;
  /** No message takes longer, whatever comes of it. */
  longest: Milliseconds;
  /** How many more messages can be sent at the same time by now. */
  room(): number;
  /** Cuts off what is being sent: it rejects. */
  close(): Promise<void>;
}

/**
 * The recipient's side refuses this message for good: a 5yz reply to the recipient or to the content
 * (RFC 5321 section 4.2.1), or a 4xx of an HTTP API. The same message would be refused again.
 */
export class MailRefused extends Fault {
  constructor(reason: string) {
    super('mail', reason);
  }
}

/** Whom mail comes from. An empty name: the address alone. */
export interface Sender {
  name: string;
  address: string;
}

/** RFC 3834 section 5: keeps answering machines from answering. */
export const MAIL_HEADERS = { 'Auto-Submitted': 'auto-generated' };

/** C0, DEL and C1, and what else ends a line. */
export const CONTROL = /[\p{Cc}\u2028\u2029]/u;
/** One address and nothing beside it: no list, no comment, no display name, no route. */
const ADDRESS = /^[\w!#$%&'*+/=?^`{|}~.-]+@[\w.-]+$/;
/** So that it fits into a file name and into every provider's key. */
const ID = /^[A-Za-z0-9-]{1,128}$/;

/**
 * A line break in a header starts another header, or the body. Whoever made such a message is to
 * be mended, so this throws a plain `Error`, which names the field and never shows its value.
 */
export function checkMessage({ id, to, subject }: Message, from: Sender): void {
  if (!ID.test(id)) throw new Error('mail: the id is not made of letters, digits and hyphens');
  if (!isAddress(to)) throw new Error('mail: the recipient is not one address');
  if (!isAddress(from.address)) throw new Error('mail: the sender is not one address');
  if (CONTROL.test(from.name)) throw new Error('mail: a control character in the sender');
  if (CONTROL.test(subject)) throw new Error('mail: a control character in the subject');
}

function isAddress(text: string): boolean {
  return text.length <= 254 && ADDRESS.test(text);
}

/** `Name <address>`, the name in quotes where RFC 5322 asks for them. */
export function formatSender({ name, address }: Sender): string {
  if (name === '') return address;
  const plain = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~ -]+$/u.test(name);
  return `${plain ? name : `"${name.replace(/["\\]/g, '\\$&')}"`} <${address}>`;
}

/**
 * What went wrong, in codes alone: a transport's own message carries addresses, answers of the peer
 * and what was sent to it. Of an SMTP reply the status and its enhanced code (RFC 3463) are kept.
 */
export function mailFault(error: unknown): Fault {
  if (!(error instanceof Error)) return new Fault('mail', 'not sent');
  const { code, responseCode, response, command = '', originalCode } = error as TransportError;
  if (error.name === 'AbortError') return new Fault('mail', 'cut off');
  if (code === 'ETLS' && command === 'STARTTLS' && !originalCode) {
    return new Fault('mail', 'the server offers no STARTTLS');
  }
  if (Number.isInteger(responseCode)) {
    const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3}) /.exec(String(response))?.[1];
    const step = /^[A-Z][A-Z0-9 -]{1,30}$/.test(command) ? ` to ${command}` : '';
    const reason = `SMTP ${[responseCode, enhanced].filter(Boolean).join(' ')}${step}`;
    const final = Number(responseCode) >= 500 && /^(RCPT TO|DATA)$/.test(command);
    return final ? new MailRefused(reason) : new Fault('mail', reason);
  }
  const system = typeof originalCode === 'string' && /^[A-Z][A-Z0-9_]+$/.test(originalCode);
  return new Fault('mail', system ? originalCode : reasonOf(error));
}

/** As nodemailer makes them. */
interface TransportError extends Error {
  code?: unknown;
  /** The peer's answer, such as 550, and its text. */
  responseCode?: unknown;
  response?: unknown;
  /** The command that it answers. */
  command?: string;
  /** That of the system, such as ECONNREFUSED. */
  originalCode?: unknown;
}
