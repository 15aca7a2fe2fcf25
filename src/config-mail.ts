import { isLoopback } from './loopback.ts';
import { CONTROL, type Sender } from './mail/mailer.ts';
import { httpUrl, type Platform, SettingError, type Settings } from './settings.ts';
import { canonicalEmail } from './users/email.ts';
import { hasInvisible } from './users/invisible.ts';

export type MailConfig =
  | { kind: 'smtp'; url: string; from: Sender }
  | { kind: 'resend'; key: string; url?: string; from: Sender }
  | { kind: 'outbox'; from: Sender }
  | { kind: 'none' };

type Transport = { kind: 'smtp'; url: string } | { kind: 'resend'; key: string; url?: string };

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
  const transport = parseTransport(url, platform, settings.get('RESEND_URL', null, safeUrl));
  if (from === null) {
    throw new SettingError('MAIL_FROM', 'is required: the host of BASE_URL has no mail addresses');
  }
  return { ...transport, from };
}

/** The value is never shown, because it may carry a password or a key. */
function parseTransport(url: string, platform: Platform, endpoint: string | null): Transport {
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
  return { kind: 'smtp', url };
}

/** Where the key goes: over TLS, or to this machine. */
function safeUrl(text: string): string {
  const url = httpUrl(text);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Error('is neither https nor on this machine');
  }
  return url.href;
}

/** Without a path or a query: a mail library would read options from them. */
function isSmtpUrl(text: string): boolean {
  if (!/^smtps?:\/\/[^\s/\\?#]+$/i.test(text) || !URL.canParse(text)) return false;
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
