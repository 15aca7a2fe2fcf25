import { expect } from 'vitest';
import { Fault } from '../../src/errors.ts';
import type { Message } from '../../src/mail/mailer.ts';

export const FROM = { name: 'Gatehouse', address: 'no-reply@example.com' };

/** A message with a link, and with a token that may stand in no error. */
export function aMessage(changes: Partial<Message> = {}): Message {
  return {
    id: crypto.randomUUID(),
    to: 'ada@example.com',
    subject: 'Confirm your address',
    text: 'Hello Ada,\n\nhttps://auth.example.com/verify?token=hunter2\n',
    html: '<p>Hello Ada, <a href="https://auth.example.com/verify?token=hunter2">confirm</a></p>',
    ...changes,
  };
}

/** What would start another header, a body, another recipient or another command. */
export const INJECTIONS: [string, Partial<Message>][] = [
  ['subject', { subject: 'Hello\r\nBcc: eve@example.com' }],
  ['subject', { subject: 'Hello\nBcc: eve@example.com' }],
  ['subject', { subject: 'Hello\rBcc: eve@example.com' }],
  ['subject', { subject: 'Hello\0' }],
  ['subject', { subject: 'Hello\u0085Bcc: eve@example.com' }],
  ['subject', { subject: 'Hello\u2028Bcc: eve@example.com' }],
  ['recipient', { to: 'ada@example.com\r\nBcc: eve@example.com' }],
  ['recipient', { to: 'ada@example.com>\r\nRCPT TO:<eve@example.com' }],
  ['recipient', { to: 'ada@example.com,eve@example.com' }],
  ['recipient', { to: 'ada@example.com eve@example.com' }],
  ['recipient', { to: 'Ada <ada@example.com>' }],
  ['recipient', { to: 'ada@example.com\0' }],
  ['recipient', { to: 'ada' }],
  ['recipient', { to: '' }],
  ['id', { id: 'a>\r\nBcc: eve@example.com' }],
  ['id', { id: 'a b' }],
  ['id', { id: '../../etc/passwd' }],
  ['id', { id: 'a'.repeat(129) }],
  ['id', { id: '' }],
];

/** Senders that would do the same. */
export const SENDERS = [
  { name: 'Gate\r\nBcc: eve@example.com', address: 'no-reply@example.com' },
  { name: 'Gate\u2029house', address: 'no-reply@example.com' },
  { name: 'Gatehouse', address: 'no-reply@example.com\r\nBcc: eve@example.com' },
  { name: 'Gatehouse', address: 'no-reply@example.com, eve@example.com' },
];

/** Why a message is not known to have been taken: a code, and nothing of what was sent. */
export async function faultOf(sending: Promise<void>): Promise<string> {
  const error = await sending.then(
    () => new Error('was taken'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  const { part, message } = error as Fault;
  expect(part).toBe('mail');
  expect(message).toMatch(/^mail: [\w .]{3,50}$/);
  expect(message).not.toContain('hunter2');
  return message.slice('mail: '.length);
}

/** The line of somebody who built a message that can't be: no `Fault`, for a retry mends nothing. */
export async function mistakeOf(sending: Promise<void>): Promise<string> {
  const error = await sending.then(
    () => new Error('was taken'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(Fault);
  const { message } = error as Error;
  expect(message).not.toMatch(/eve|passwd|[^ -~]/);
  return message;
}
