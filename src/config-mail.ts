import { isLoopback, isPrivate } from './loopback.ts';
import { CONTROL, type Sender } from './mail/mailer.ts';
import { httpUrl, type Platform, SettingError, type Settings } from './settings.ts';
import { canonicalEmail } from './users/email.ts';
import { hasInvisible } from './users/invisible.ts';

export type MailConfig =
  | ({ kind: 'smtp'; from: Sender } & SmtpPeer)
  | { kind: 'resend'; key: string; url?: string; from: Sender }
  | { kind: 'outbox'; from: Sender }
  | { kind: 'none' };

/** A mail server, and how it is talked to. */
interface SmtpPeer {
  /** Without a query. */
  url: string;
  /** What this server calls itself there. */
  helo: string;
  /** `?tls=off`: nothing is encrypted. */
  plain: boolean;
}

type Transport = ({ kind: 'smtp' } & SmtpPeer) | { kind: 'resend'; key: string; url?: string };

/** How mail leaves, and whom it comes from. Throws a `SettingError`. */
export function parseMail(
  settings: Settings,
  platform: Platform,
  { baseUrl }: { baseUrl: string },
): MailConfig {
  const given = settings.get('MAIL_FROM', null, parseSender);
  const url = settings.text('MAIL_URL');
  const from = given ?? defaultSender(baseUrl);
  if (url === undefined && platform === 'workers') return { kind: 'none' };
  if (url === undefined || (url === 'outbox:' && platform === 'node')) {
    return { kind: 'outbox', from: from ?? { name: '', address: 'gatehouse@localhost' } };
  }
  const helo = settings.get('MAIL_HELO', heloOf(new URL(baseUrl).hostname), parseHelo);
  const endpoint = settings.get('RESEND_URL', null, safeUrl);
  const transport = parseTransport(url, platform, { endpoint, helo });
  if (from === null) {
    throw new SettingError('MAIL_FROM', 'is required: the host of BASE_URL has no mail addresses');
  }
  return { ...transport, from };
}

/** The value is never shown, because it may carry a password or a key. */
function parseTransport(
  url: string,
  platform: Platform,
  { endpoint, helo }: { endpoint: string | null; helo: string },
): Transport {
  const [, key] = /^resend:([\x21-\x7e]+)$/.exec(url) ?? [];
  if (key !== undefined) {
    return { kind: 'resend', key, ...(endpoint === null ? {} : { url: endpoint }) };
  }
  if (platform === 'workers') {
    const problem = /^(smtps?|outbox):/i.test(url) ? 'works on Node only; here' : 'is not usable;';
    throw new SettingError('MAIL_URL', `${problem} use resend:KEY`);
  }
  if (!isSmtpUrl(url)) {
    throw new SettingError(
      'MAIL_URL',
      'is none of smtp://user:password@host:587 (percent-encoded), smtps://…, resend:KEY, outbox:',
    );
  }
  const [address = '', query] = url.split('?');
  return { kind: 'smtp', url: address, helo, plain: query !== undefined && checkPlain(address) };
}

/** Throws where everybody on the way could read along. */
function checkPlain(address: string): true {
  const { protocol, hostname } = new URL(address);
  if (protocol === 'smtps:')
    throw new SettingError('MAIL_URL', 'smtps:// is TLS, and tls=off is not');
  // A name may lead into a private network, an address says whether it does.
  if (/^[\d.]+$|^\[/.test(hostname) && !isPrivate(hostname)) {
    throw new SettingError(
      'MAIL_URL',
      'tls=off is for a relay in a private network, and this is a public address',
    );
  }
  return true;
}

/** An address stands in brackets there (RFC 5321 section 4.1.3). */
function heloOf(hostname: string): string {
  if (/^[\d.]+$/.test(hostname)) return `[${hostname}]`;
  return hostname.startsWith('[') ? `[IPv6:${hostname.slice(1)}` : hostname;
}

function parseHelo(text: string): string {
  if (!/^([a-z0-9-]+(\.[a-z0-9-]+)*|\[(\d+(\.\d+){3}|IPv6:[0-9a-f:.]+)\])$/i.test(text)) {
    throw new Error(
      'is neither a host name such as auth.example.com nor an address such as [192.0.2.1]',
    );
  }
  return text;
}

/** Where the key goes: over TLS, or to this machine. */
function safeUrl(text: string): string {
  const url = httpUrl(text);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Error('is neither https nor on this machine');
  }
  return url.href;
}

/** Without a path or another query than this: a mail library would read options from them. */
function isSmtpUrl(text: string): boolean {
  if (!/^smtps?:\/\/[^\s/\\?#]+(\?tls=off)?$/i.test(text) || !URL.canParse(text)) return false;
  const { hostname, port, username, password } = new URL(text);
  const bothOrNone = (username === '') === (password === '');
  return hostname !== '' && port !== '0' && bothOrNone && [username, password].every(decodes);
}

function decodes(text: string): boolean {
  try {
    return !CONTROL.test(decodeURIComponent(text));
  } catch {
    return false;
  }
}

/** `Name <address>`, `"Name, with marks" <address>` or `address`. */
function parseSender(text: string): Sender {
  const [, quoted, plain = '', inside] =
    /^(?:"([^"\\<>]*)"|([^"\\<>()[\]:;@,]*))\s*<([^<>]*)>$/.exec(text) ?? [];
  const name = (quoted ?? plain).trim();
  const address = senderAddress(inside ?? text);
  if (address === null || CONTROL.test(text) || hasInvisible(name)) {
    throw new Error(
      'is not one address such as no-reply@example.com or Name <no-reply@example.com>',
    );
  }
  return { name, address };
}

/** As of users, and also `…@localhost`, where mail for this machine goes. */
function senderAddress(text: string): string | null {
  const [, local] = /^([^@]+)@localhost$/i.exec(text) ?? [];
  if (local === undefined) return canonicalEmail(text);
  return canonicalEmail(`${local}@mail.localhost`)?.replace('@mail.', '@') ?? null;
}

/** null: nobody takes mail for this host, because it is loopback, an IP address or one label. */
function defaultSender(baseUrl: string): Sender | null {
  const { hostname } = new URL(baseUrl);
  const address = isLoopback(hostname) ? null : canonicalEmail(`no-reply@${hostname}`);
  return address === null ? null : { name: '', address };
}
