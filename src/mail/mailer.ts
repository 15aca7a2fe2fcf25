import { Fault } from '../errors.ts';
import { seconds } from '../time.ts';

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

/**
 * Hands messages to a transport. Rejects with a `Fault` of part `mail` when a message is not known
 * to have been taken; it may have been, so the next try carries the same id.
 */
export interface Mailer {
  send(message: Message): Promise<void>;
  close(): Promise<void>;
}

/** Whom mail comes from. An empty name: the address alone. */
export interface Sender {
  name: string;
  address: string;
}

/** Limit of one try, from the first packet to the last. */
export const MAIL_TIMEOUT = seconds(10);

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
 * What went wrong, as a code alone: a transport's own message carries addresses, answers of the
 * peer and what was sent to it.
 */
export function mailFault(error: unknown): Fault {
  if (!(error instanceof Error)) return new Fault('mail', 'not sent');
  const { responseCode, originalCode, cause, code } = error as TransportError;
  if ([error.name, cause?.name].includes('TimeoutError')) return new Fault('mail', 'timeout');
  if (Number.isInteger(responseCode)) return new Fault('mail', String(responseCode));
  const known = [originalCode, cause?.code, code].find(isCode);
  return new Fault('mail', known ?? 'not sent');
}

interface TransportError extends Error {
  /** The peer's answer, such as 550. */
  responseCode?: unknown;
  originalCode?: unknown;
  cause?: { name?: unknown; code?: unknown };
  code?: unknown;
}

const isCode = (code: unknown): code is string =>
  typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code);
