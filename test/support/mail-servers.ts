import net, { type AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { createSmtp, type SmtpOptions } from '../../src/mail/smtp.ts';
import { FROM } from './messages.ts';

/** What a mail server was given. */
export interface Delivery {
  from: string;
  to: string[];
  /** As it came over the wire. */
  raw: string;
  /** Came through TLS. */
  secure: boolean;
  user: unknown;
}

export interface SmtpBehaviour extends Pick<SMTPServerOptions, 'secure'> {
  /** Offers STARTTLS; the default knows nothing of it. */
  starttls?: boolean;
  /** Asks for this user and password; the default asks for none. */
  login?: { user: string; pass: string };
  /** Answers each of these commands with a status of its own. */
  refuse?: Partial<Record<'sender' | 'recipient' | 'data', number>>;
}

/** A self-signed certificate for `localhost` until 2120, and its key, which guards nothing. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBYTCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPWVP5kqjFUvdgrO
HzegqqaHX7Vqjj2mTAg4YU0b6Pct24MWVNO6IEfbNzPMIqHJ1BQXwIOgy30/G1cR
VncsLjmjSDBGMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/
MB0GA1UdDgQWBBS0DRXPAqVpQAMtdHGdnrpKXLuPIDAKBggqhkjOPQQDAgNIADBF
AiEA+4Sm/y+Z3d6FInR4B28Rial3I82pNmE+FpiOFD3EU+sCIH5dPWfjxsG/AFuW
IHNN/dMF0psCcLcNPYUOuMU4fWfY
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgfZ8voBkitWcfYn96
gpYYef5+JrbHt6k8qFETl95FK7OhRANCAAT1lT+ZKoxVL3YKzh83oKqmh1+1ao49
pkwIOGFNG+j3LduDFlTTuiBH2zczzCKhydQUF8CDoMt9PxtXEVZ3LC45
-----END PRIVATE KEY-----`;

export const LOGIN = { user: 'me@example.com', pass: 'hunter2/&%' };
/** The same as it stands in an address. */
export const CREDENTIALS = 'me%40example.com:hunter2%2F%26%25@';

/** The transport, for one test. */
export function mailer(url: string, more: Partial<SmtpOptions> = {}) {
  const created = createSmtp({ url, from: FROM, helo: 'auth.example.com', ...more });
  onTestFinished(() => created.close());
  return created;
}

/** A real SMTP server on loopback, for one test. */
export async function startSmtp(behaviour: SmtpBehaviour = {}) {
  const { login, refuse = {}, secure = false, starttls = false } = behaviour;
  const deliveries: Delivery[] = [];
  const logins: unknown[] = [];
  const answer = (status: number | undefined, done: (error?: Error) => void) =>
    status === undefined
      ? done()
      : done(Object.assign(new Error('no, hunter2'), { responseCode: status }));
  const server = new SMTPServer({
    ...{ secure, key: KEY, cert: CERTIFICATE, authOptional: login === undefined },
    disabledCommands: starttls ? [] : ['STARTTLS'],
    allowInsecureAuth: true,
    closeTimeout: 100,
    onAuth({ username, password }, _session, done) {
      logins.push({ username, password });
      const right = username === login?.user && password === login?.pass;
      return right ? done(null, { user: username }) : done(new Error('wrong'));
    },
    onMailFrom: (_address, _session, done) => answer(refuse.sender, done),
    onRcptTo: (_address, _session, done) => answer(refuse.recipient, done),
    async onData(stream, session, done) {
      let raw = '';
      try {
        for await (const chunk of stream) raw += chunk;
      } catch {
        return; // The client left before the end.
      }
      if (refuse.data !== undefined) return answer(refuse.data, done);
      const { mailFrom, rcptTo } = session.envelope;
      deliveries.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        ...{ raw, secure: session.secure, user: session.user },
      });
      done();
    },
  });
  // A client that refuses the certificate is an error here; the test sees it at the client.
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (listening.address() as AddressInfo).port, deliveries, logins };
}

/** A peer on loopback that speaks no protocol, for one test. */
export async function startPeer(onConnection: (socket: net.Socket) => void): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
