import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { minutes } from '../../src/time.ts';
import {
  CERTIFICATE,
  CREDENTIALS,
  LOGIN,
  mailer,
  startPeer,
  startSmtp,
} from '../support/mail-servers.ts';
import { aMessage, faultOf, INJECTIONS, mistakeOf, SENDERS } from '../support/messages.ts';

describe('mail over SMTP', () => {
  it('reaches its one recipient as text and as HTML', async () => {
    const { port, deliveries } = await startSmtp();
    await mailer(`smtp://127.0.0.1:${port}`).send(aMessage({ id: 'abc-1' }));
    expect(deliveries).toMatchObject([{ from: 'no-reply@example.com', to: ['ada@example.com'] }]);
    const { raw = '' } = deliveries[0] ?? {};
    expect(raw).toMatch(/^From: Gatehouse <no-reply@example.com>\r$/m);
    expect(raw).toMatch(/^To: ada@example.com\r$/m);
    expect(raw).toMatch(/^Subject: Confirm your address\r$/m);
    expect(raw).toMatch(/^Message-ID: <abc-1@example.com>\r$/m);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).toMatch(/^Content-Type: multipart\/alternative;/m);
    expect(raw).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m);
    expect(raw).toMatch(/^Content-Type: text\/html; charset=utf-8\r$/m);
    expect(raw).not.toMatch(/nodemailer/i);
  });

  it('carries the same Message-ID at every try', async () => {
    const { port, deliveries } = await startSmtp();
    const smtp = mailer(`smtp://localhost:${port}`);
    const message = aMessage();
    await smtp.send(message);
    await smtp.send(message);
    const ids = deliveries.map(({ raw }) => /^Message-ID: (.+)\r$/m.exec(raw)?.[1]);
    expect(ids).toEqual(Array(2).fill(`<${message.id}@example.com>`));
  });

  it('keeps letters of every language in subject and names', async () => {
    const { port, deliveries } = await startSmtp();
    const from = { name: 'Größe, "Tür" <b@c.d>', address: 'no-reply@example.com' };
    await mailer(`smtp://localhost:${port}`, { from }).send(aMessage({ subject: 'Grüße 🙂' }));
    const raw = deliveries[0]?.raw.replaceAll('\r\n ', ' ') ?? '';
    expect(deliveries).toMatchObject([{ from: 'no-reply@example.com', to: ['ada@example.com'] }]);
    expect(raw).toMatch(/^From: =\?UTF-8\?.+\?= <no-reply@example.com>\r$/m);
    expect(raw).toMatch(/^Subject: =\?UTF-8\?.+\?=\r$/m);
  });

  it('signs in with percent-encoded credentials', async () => {
    const { port, deliveries, logins } = await startSmtp({ login: LOGIN });
    await mailer(`smtp://${CREDENTIALS}localhost:${port}`).send(aMessage());
    expect(deliveries).toMatchObject([{ user: 'me@example.com' }]);
    expect(logins).toEqual([{ username: LOGIN.user, password: LOGIN.pass }]);
  });

  it.each([
    ['auth.example.com', 'auth.example.com'],
    ['[192.0.2.1]', '[192.0.2.1]'],
  ])('calls itself %s', async (helo, seen) => {
    let line = '';
    const port = await startPeer((socket) => {
      socket.write('220 hello\r\n');
      socket.once('data', (sent) => {
        line = String(sent);
        socket.destroy();
      });
    });
    await faultOf(mailer(`smtp://127.0.0.1:${port}`, { helo }).send(aMessage()));
    expect(line).toBe(`EHLO ${seen}\r\n`);
  });

  it('signs in for a check, and sends nothing', async () => {
    const { port, deliveries, logins } = await startSmtp({ login: LOGIN });
    const smtp = mailer(`smtp://${CREDENTIALS}localhost:${port}`);
    expect(await smtp.check()).toBe(`localhost:${port} greets and takes the password.`);
    expect({ deliveries, logins: logins.length }).toEqual({ deliveries: [], logins: 1 });
    const wrong = mailer(`smtp://me:wrong@localhost:${port}`);
    await expect(wrong.check()).rejects.toThrow('mail: SMTP 535 to AUTH PLAIN');
  });

  it('waits for an answer that comes after ten seconds and more, and sends once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    let content = () => {};
    const taken = new Promise<void>((resolve) => {
      content = resolve;
    });
    let finish = () => {};
    let contents = 0;
    const port = await startPeer((socket) => {
      socket.write('220 a\r\n');
      let received = '';
      socket.on('data', (sent) => {
        received += sent;
        if (/^DATA/.test(String(sent))) return socket.write('354 e\r\n');
        if (!/^DATA/m.test(received)) return socket.write('250 b\r\n');
        if (!received.endsWith('\r\n.\r\n')) return;
        contents += 1;
        finish = () => void socket.write('250 taken\r\n');
        content();
      });
    });
    const sending = mailer(`smtp://127.0.0.1:${port}`).send(aMessage());
    await taken;
    await vi.advanceTimersByTimeAsync(minutes(9));
    finish();
    await sending;
    expect(contents).toBe(1);
  });

  it('takes the offer of STARTTLS on loopback, where no authority vouches for a name', async () => {
    const { port, deliveries } = await startSmtp({ starttls: true });
    await mailer(`smtp://localhost:${port}`).send(aMessage());
    expect(deliveries).toMatchObject([{ secure: true }]);
  });

  it('goes through TLS from the start to a server whose certificate holds', async () => {
    const { port, deliveries } = await startSmtp({ secure: true, login: LOGIN });
    await mailer(`smtps://${CREDENTIALS}localhost:${port}`, { ca: CERTIFICATE }).send(aMessage());
    expect(deliveries).toMatchObject([{ secure: true, user: 'me@example.com' }]);
  });
});

// 0.0.0.0 leads to this machine, and is not known to.
describe('off loopback, SMTP', () => {
  it('tells nothing to a server that offers no STARTTLS', async () => {
    const { port, deliveries, logins } = await startSmtp({ login: LOGIN });
    const sending = mailer(`smtp://${CREDENTIALS}0.0.0.0:${port}`).send(aMessage());
    expect(await faultOf(sending)).toBe('the server offers no STARTTLS');
    expect({ deliveries, logins }).toEqual({ deliveries: [], logins: [] });
  });

  it('tells nothing to a server with a certificate of its own making', async () => {
    const { port, deliveries, logins } = await startSmtp({ login: LOGIN, starttls: true });
    const sending = mailer(`smtp://${CREDENTIALS}0.0.0.0:${port}`).send(aMessage());
    expect(await faultOf(sending)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect({ deliveries, logins }).toEqual({ deliveries: [], logins: [] });
  });

  it('tells nothing to a server with the certificate of another name', async () => {
    const { port, deliveries, logins } = await startSmtp({ login: LOGIN, starttls: true });
    const other = mailer(`smtp://${CREDENTIALS}0.0.0.0:${port}`, { ca: CERTIFICATE });
    expect(await faultOf(other.send(aMessage()))).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect({ deliveries, logins }).toEqual({ deliveries: [], logins: [] });
  });
});

it('goes in plain text off loopback only where that was set, offered TLS or not', async () => {
  const { port, deliveries } = await startSmtp({ starttls: true });
  await mailer(`smtp://0.0.0.0:${port}`, { plain: true }).send(aMessage());
  expect(deliveries).toMatchObject([{ secure: false }]);
});

it('smtps:// verifies the certificate on loopback too', async () => {
  const { port, deliveries } = await startSmtp({ secure: true });
  const sending = mailer(`smtps://localhost:${port}`).send(aMessage());
  expect(await faultOf(sending)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(deliveries).toEqual([]);
});

describe('nothing is sent that would inject a header', () => {
  it.each(INJECTIONS)('by the %s of %j', async (field, changes) => {
    const { port, deliveries } = await startSmtp();
    const sending = mailer(`smtp://localhost:${port}`).send(aMessage(changes));
    expect(await mistakeOf(sending)).toContain(field);
    expect(deliveries).toEqual([]);
  });

  it.each(SENDERS)('by the sender %j', async (from) => {
    const { port, deliveries } = await startSmtp();
    const sending = mailer(`smtp://localhost:${port}`, { from }).send(aMessage());
    expect(await mistakeOf(sending)).toContain('sender');
    expect(deliveries).toEqual([]);
  });

  it('or read a file or an address into the mail', async () => {
    const { port, deliveries } = await startSmtp();
    let asked = 0;
    const inside = await startPeer((socket) => {
      asked += 1;
      socket.end('HTTP/1.1 200 OK\r\n\r\nhunter2');
    });
    for (const content of [{ path: 'package.json' }, { href: `http://127.0.0.1:${inside}/` }]) {
      const text = content as unknown as string;
      await faultOf(mailer(`smtp://localhost:${port}`).send(aMessage({ text })));
    }
    expect({ asked, deliveries }).toEqual({ asked: 0, deliveries: [] });
  });
});
