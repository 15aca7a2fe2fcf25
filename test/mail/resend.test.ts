import { describe, expect, inject, it } from 'vitest';
import { MailRefused } from '../../src/mail/mailer.ts';
import { createResend } from '../../src/mail/resend.ts';
import { aMessage, FROM, faultOf, INJECTIONS, mistakeOf, SENDERS } from '../support/messages.ts';

const url = `${inject('resendUrl')}/emails`;
const aKey = (kind = 'serve') => `${kind}-hunter2-${crypto.randomUUID()}`;

interface Taken {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

async function taken(key: string): Promise<Taken[]> {
  const answer = await fetch(`${inject('resendUrl')}/taken/${key}`);
  return (await answer.json()) as Taken[];
}

describe('mail over the Resend API', () => {
  it('hands over text and HTML for one recipient', async () => {
    const key = aKey();
    const message = aMessage();
    await createResend({ key, from: FROM, url }).send(message);
    const [{ method, path, headers, body } = {} as Taken, ...more] = await taken(key);
    expect(more).toEqual([]);
    expect([method, path]).toEqual(['POST', '/emails']);
    expect(headers).toMatchObject({
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': message.id,
      'user-agent': 'gatehouse',
    });
    expect(body).toEqual({
      from: 'Gatehouse <no-reply@example.com>',
      to: ['ada@example.com'],
      subject: 'Confirm your address',
      text: message.text,
      html: message.html,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  });

  it('carries the same idempotency key at every try', async () => {
    const key = aKey();
    const resend = createResend({ key, from: FROM, url });
    const message = aMessage();
    await resend.send(message);
    await resend.send(message);
    const keys = (await taken(key)).map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([message.id, message.id]);
  });

  it.each([
    ['', 'no-reply@example.com'],
    ['Größe 2', 'Größe 2 <no-reply@example.com>'],
    ['Doe, Jane', '"Doe, Jane" <no-reply@example.com>'],
    ['a" <b@c.d> \\', '"a\\" <b@c.d> \\\\" <no-reply@example.com>'],
  ])('writes the sender %j as one address', async (name, expected) => {
    const key = aKey();
    await createResend({ key, from: { ...FROM, name }, url }).send(aMessage());
    expect(await taken(key)).toMatchObject([{ body: { from: expected } }]);
  });

  it.each([400, 401, 403, 404, 408, 409, 422, 429, 500, 503])(
    'has not been taken when the answer is %d',
    async (status) => {
      const resend = createResend({ key: aKey(`status-${status}`), from: FROM, url });
      const sending = resend.send(aMessage());
      // Another try may do where the provider is busy, and with 409, which says that a try is under way.
      const refused = await sending.catch((error) => error instanceof MailRefused);
      expect(refused).toBe(status < 500 && ![408, 409, 429].includes(status));
      expect(await faultOf(sending)).toBe(`HTTP status ${status} not_now`);
    },
  );

  it('is tried with a message that goes nowhere, which tells whether the key is taken', async () => {
    const check = (key: string) => createResend({ key, from: FROM, url }).check();
    expect(await check(aKey('status-422'))).toBe(`${new URL(url).host} takes the key.`);
    await expect(check(aKey('status-403'))).rejects.toThrow('mail: HTTP status 403 not_now');
  });

  it('follows no redirect with its key', async () => {
    const key = aKey('redirect');
    const sending = createResend({ key, from: FROM, url }).send(aMessage());
    expect(await faultOf(sending)).toBe('HTTP status 307 not_now');
    expect(await taken(key)).toEqual([]);
  });

  it('is not known to have been taken when the connection breaks', async () => {
    const resend = createResend({ key: aKey('down'), from: FROM, url });
    expect(await faultOf(resend.send(aMessage()))).toBeTruthy();
  });

  it('is not known to have been taken when nothing answers in time', async () => {
    const resend = createResend({ key: aKey('hang'), from: FROM, url, timeout: 300 });
    expect(await faultOf(resend.send(aMessage()))).toBe('no answer in time');
  });

  it.each(INJECTIONS)(
    'is not sent when the %s would inject a header: %j',
    async (field, changes) => {
      const key = aKey();
      const sending = createResend({ key, from: FROM, url }).send(aMessage(changes));
      expect(await mistakeOf(sending)).toContain(field);
      expect(await taken(key)).toEqual([]);
    },
  );

  it.each(SENDERS)('is not sent for the sender %j', async (from) => {
    const key = aKey();
    expect(await mistakeOf(createResend({ key, from, url }).send(aMessage()))).toContain('sender');
    expect(await taken(key)).toEqual([]);
  });
});
