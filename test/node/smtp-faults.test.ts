import { describe, expect, it } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';
import { CREDENTIALS, LOGIN, mailer, startPeer, startSmtp } from '../support/mail-servers.ts';
import { aMessage, faultOf } from '../support/messages.ts';

/** Where a limit is the point; else the one of production stands. */
const SHORT = { timeout: 300 };

describe('a message is not known to have been taken', () => {
  it('when nobody listens', async () => {
    const smtp = mailer(`smtp://127.0.0.1:${await freePort()}`);
    expect(await faultOf(smtp.send(aMessage()))).toBe('ECONNREFUSED');
  });

  it('when the password is wrong', async () => {
    const { port } = await startSmtp({ login: { ...LOGIN, pass: 'another' } });
    const smtp = mailer(`smtp://${CREDENTIALS}localhost:${port}`);
    expect(await faultOf(smtp.send(aMessage()))).toBe('535');
  });

  it.each([
    ['sender', 451],
    ['sender', 550],
    ['recipient', 450],
    ['recipient', 550],
    ['data', 452],
    ['data', 554],
  ] as const)('when the server refuses the %s with %d', async (step, status) => {
    const { port, deliveries } = await startSmtp({ refuse: { [step]: status } });
    const smtp = mailer(`smtp://localhost:${port}`);
    expect(await faultOf(smtp.send(aMessage()))).toBe(String(status));
    expect(deliveries).toEqual([]);
  });

  it('when the server says nothing', async () => {
    const port = await startPeer(() => {});
    const smtp = mailer(`smtp://127.0.0.1:${port}`, SHORT);
    expect(await faultOf(smtp.send(aMessage()))).toMatch(/^(ETIMEDOUT|timeout)$/);
  });

  it('when the server stops answering halfway', async () => {
    const port = await startPeer((socket) => {
      socket.write('220 hello\r\n');
      socket.once('data', () => socket.write('250 hello\r\n'));
    });
    const smtp = mailer(`smtp://127.0.0.1:${port}`, SHORT);
    expect(await faultOf(smtp.send(aMessage()))).toMatch(/^(ETIMEDOUT|timeout)$/);
  });

  it('when the server trickles, so that no single step lasts too long', async () => {
    const port = await startPeer((socket) => {
      socket.write('220 hello\r\n');
      const trickle = setInterval(() => socket.write('250-more\r\n'), 20);
      socket.once('close', () => clearInterval(trickle));
    });
    const smtp = mailer(`smtp://127.0.0.1:${port}`, SHORT);
    const began = performance.now();
    expect(await faultOf(smtp.send(aMessage()))).toBe('timeout');
    expect(performance.now() - began).toBeLessThan(2000);
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
      expect(await faultOf(smtp.send(aMessage()))).toMatch(/^(ECONNECTION|ECONNRESET|EPIPE)$/);
    },
  );

  it('when what answers is no mail server', async () => {
    const port = await startPeer((socket) => socket.end('HTTP/1.1 400 hunter2\r\n\r\n'));
    expect(await faultOf(mailer(`smtp://127.0.0.1:${port}`).send(aMessage()))).toBeTruthy();
  });
});
