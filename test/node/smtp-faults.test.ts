import { describe, expect, it } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';
import { MailRefused } from '../../src/mail/mailer.ts';
import { SMTP_LIMITS, type SmtpLimits } from '../../src/mail/smtp-phases.ts';
import { CREDENTIALS, LOGIN, mailer, startPeer, startSmtp } from '../support/mail-servers.ts';
import { aMessage, faultOf } from '../support/messages.ts';

/** Limits of which only those that a test names are short. */
const within = (limits: Partial<SmtpLimits>) => ({ limits: { ...SMTP_LIMITS, ...limits } });

describe('a message is not known to have been taken', () => {
  it('when nobody listens', async () => {
    const smtp = mailer(`smtp://127.0.0.1:${await freePort()}`);
    expect(await faultOf(smtp.send(aMessage()))).toBe('ECONNREFUSED');
  });

  it('when the password is wrong', async () => {
    const { port } = await startSmtp({ login: { ...LOGIN, pass: 'another' } });
    const smtp = mailer(`smtp://${CREDENTIALS}localhost:${port}`);
    expect(await faultOf(smtp.send(aMessage()))).toBe('SMTP 535 to AUTH PLAIN');
  });

  it.each([
    ['sender', 451, 'MAIL FROM', false],
    ['sender', 550, 'MAIL FROM', false],
    ['recipient', 450, 'RCPT TO', false],
    ['recipient', 550, 'RCPT TO', true],
    ['data', 452, 'DATA', false],
    ['data', 554, 'DATA', true],
  ] as const)('when the server refuses the %s with %d', async (step, status, command, forGood) => {
    const { port, deliveries } = await startSmtp({ refuse: { [step]: status } });
    const smtp = mailer(`smtp://localhost:${port}`);
    const sending = smtp.send(aMessage());
    expect(await faultOf(sending)).toBe(`SMTP ${status} to ${command}`);
    // No other try will do where the recipient or the content is refused.
    expect(await sending.catch((error) => error instanceof MailRefused)).toBe(forGood);
    expect(deliveries).toEqual([]);
  });

  it.each<[string, Partial<SmtpLimits>, (string | null)[], string]>([
    ['says nothing', { greeting: 100 }, [], 'no greeting in time'],
    ['stops after its greeting', { command: 100 }, ['220 hello'], 'no answer to EHLO in time'],
    ['stops at MAIL', { command: 100 }, ['220 a', '250 b'], 'no answer to MAIL in time'],
    ['stops at RCPT', { command: 100 }, ['220 a', '250 b', '250 c'], 'no answer to RCPT in time'],
    [
      'stops at DATA',
      { data: 100 },
      ['220 a', '250 b', '250 c', '250 d'],
      'no answer to DATA in time',
    ],
    [
      'never says that it has the content',
      { end: 100 },
      ['220 a', '250 b', '250 c', '250 d', '354 e'],
      'no answer to the content in time',
    ],
    ['takes too long in all', { total: 100 }, ['220 a', '250 b'], 'no end in time'],
  ])('when the server %s', async (_what, limits, replies, reason) => {
    const port = await startPeer((socket) => {
      const left = [...replies];
      const reply = () => left.length > 0 && socket.write(`${left.shift()}\r\n`);
      reply();
      socket.on('data', reply);
    });
    const smtp = mailer(`smtp://127.0.0.1:${port}`, within(limits));
    expect(await faultOf(smtp.send(aMessage()))).toBe(reason);
  });

  it('when the server trickles, so that no single line lasts too long', async () => {
    const port = await startPeer((socket) => {
      socket.write('220 hello\r\n');
      const trickle = setInterval(() => socket.write('250-more\r\n'), 20);
      socket.once('close', () => clearInterval(trickle));
    });
    const smtp = mailer(`smtp://127.0.0.1:${port}`, within({ command: 300 }));
    expect(await faultOf(smtp.send(aMessage()))).toBe('no answer to EHLO in time');
  });

  it('when the process ends before the server has answered', async () => {
    let greeted = () => {};
    const reached = new Promise<void>((resolve) => {
      greeted = resolve;
    });
    const port = await startPeer((socket) => {
      socket.write('220 hello\r\n');
      socket.once('data', greeted);
    });
    const smtp = mailer(`smtp://127.0.0.1:${port}`);
    const sending = smtp.send(aMessage());
    await reached;
    await smtp.close();
    expect(await faultOf(sending)).toBe('cut off');
    expect(smtp.room()).toBe(0);
  });

  it.each([
    ['at once', (socket) => socket.destroy()],
    ['after its greeting', (socket) => socket.end('220 hello\r\n')],
    [
      'before it has taken the content',
      (socket) => {
        socket.write('220 hello\r\n');
        socket.on('data', (sent) => {
          if (/^DATA/.test(String(sent))) socket.write('354 go on\r\n');
          else if (/^(EHLO|MAIL|RCPT)/.test(String(sent))) socket.write('250 yes\r\n');
          else socket.destroy();
        });
      },
    ],
  ] satisfies [string, Parameters<typeof startPeer>[0]][])(
    'when the server hangs up %s',
    async (_when, onConnection) => {
      const smtp = mailer(`smtp://127.0.0.1:${await startPeer(onConnection)}`);
      expect(await faultOf(smtp.send(aMessage()))).toMatch(
        /^(ECONNECTION|ECONNRESET|EPIPE|SMTP .*)$/,
      );
    },
  );

  it('when what answers is no mail server', async () => {
    const port = await startPeer((socket) => socket.end('HTTP/1.1 400 hunter2\r\n\r\n'));
    expect(await faultOf(mailer(`smtp://127.0.0.1:${port}`).send(aMessage()))).toBeTruthy();
  });
});
