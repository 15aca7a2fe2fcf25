import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { serveMail } from '../../src/dev/mail-server.ts';
import { createResend } from '../../src/mail/resend.ts';
import { refusalOf } from '../support/settings.ts';
import { TestMailer } from '../support/test-mailer.ts';

const FROM = { name: '', address: 'gatehouse@localhost' };
const MESSAGE = {
  id: 'one',
  to: 'ada@example.com',
  subject: 'Hello',
  text: 'http://localhost:3000/reset?token=x\n',
  html: '<p>Hello</p>',
};

async function serve() {
  const outbox = new TestMailer();
  const server = await serveMail(outbox.mailer);
  onTestFinished(server.stop);
  return { outbox, ...server };
}

describe('mail of a Worker under development', () => {
  it('is taken over the API of the transport that Workers use', async () => {
    const { outbox, url, key } = await serve();
    await createResend({ url, key, from: FROM }).send(MESSAGE);
    expect(outbox.sent).toEqual([MESSAGE]);
  });

  it('is taken from nobody else on the machine', async () => {
    const { outbox, url } = await serve();
    const stranger = createResend({ url, key: 'guessed', from: FROM });
    await expect(stranger.send(MESSAGE)).rejects.toThrow('HTTP status 401');
    expect(outbox.sent).toEqual([]);
  });

  it('is not taken when it can not be kept', async () => {
    const { outbox, url, key } = await serve();
    outbox.down = true;
    await expect(createResend({ url, key, from: FROM }).send(MESSAGE)).rejects.toThrow(
      'status 500',
    );
  });

  it.each([
    ['something else', { method: 'POST', body: 'not JSON' }, 500],
    ['too much', { method: 'POST', body: 'x'.repeat(70_000) }, 413],
    ['a read', {}, 404],
  ])('is nothing that is %s', async (_, init, status) => {
    const { outbox, url, key } = await serve();
    const answer = await fetch(url, { ...init, headers: { authorization: `Bearer ${key}` } });
    expect([answer.status, outbox.sent]).toEqual([status, []]);
  });
});

describe('RESEND_URL', () => {
  const env = { MAIL_URL: 'resend:hunter2', MAIL_FROM: 'a@example.com' };

  it.each(['https://mail.example.com/emails', 'http://127.0.0.1:8025/emails'])(
    'is where messages are posted to: %s',
    (url) => {
      expect(parseConfig({ ...env, RESEND_URL: url }, 'node').mail).toMatchObject({ url });
    },
  );

  it('never takes the key over the network in the clear', () => {
    const parse = () => parseConfig({ ...env, RESEND_URL: 'http://mail.example.com' }, 'node');
    expect(refusalOf(parse)).toBe('RESEND_URL: is neither https nor on this machine');
  });
});
