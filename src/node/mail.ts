import type { Config } from '../config.ts';
import { isLoopback, leadsHere } from '../loopback.ts';
import type { Mailer } from '../mail/mailer.ts';
import { createOutbox } from '../mail/outbox.ts';
import { createResend } from '../mail/resend.ts';
import { dataFiles } from './data-folder.ts';

/**
 * Everything stays on this machine, so links may be shown to whoever sits at it: the outbox is the
 * transport, and nobody else reaches the server.
 */
export function showsMail({ mail, baseUrl, host }: Config): boolean {
  return mail.kind === 'outbox' && isLoopback(host) && leadsHere(baseUrl);
}

/** People elsewhere wait for mail that stays on this machine. */
export const keepsMail = ({ mail, baseUrl }: Pick<Config, 'mail' | 'baseUrl'>): boolean =>
  mail.kind === 'outbox' && !leadsHere(baseUrl);

export const NO_TRANSPORT =
  'mail is kept in DATA_DIR/outbox and reaches nobody: set MAIL_URL, such as smtp://… or resend:KEY';

/** Passwords and links go over the network as they are. */
export const plainMail = ({ mail }: Pick<Config, 'mail'>): string | null =>
  mail.kind === 'smtp' && mail.plain && !isLoopback(new URL(mail.url).hostname)
    ? `mail goes to ${new URL(mail.url).hostname} in plain text (tls=off): whoever is on the way reads its links, which sign people in`
    : null;

/** null: this service sends no mail. */
export async function openMailer(config: Config): Promise<Mailer | null> {
  const { mail } = config;
  switch (mail.kind) {
    case 'smtp': {
      // Large, and of no use to others.
      const { createSmtp } = await import('../mail/smtp.ts');
      return createSmtp(mail);
    }
    case 'resend':
      return createResend(mail);
    case 'outbox':
      return createOutbox({
        folder: dataFiles(config).outbox,
        from: mail.from,
        ...(showsMail(config) ? { announce: print } : {}),
      });
    case 'none':
      return null;
  }
}

function print({ to, subject, text }: { to: string; subject: string; text: string }) {
  const link = /^https?:\S+$/m.exec(text)?.[0];
  console.log(`Mail to ${to}: ${subject}${link ? `\n  ${link}` : ''}`);
}
