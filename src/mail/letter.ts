import type { Language } from '../texts/language.ts';
import { type LetterKind, MAIL_TEXTS, type MailText } from '../texts/mails.ts';
import type { Milliseconds } from '../time.ts';
import type { Message } from './mailer.ts';

export interface Letter {
  kind: LetterKind;
  to: string;
  language: Language;
  /** Where its link leads. Used only by kinds that have one. */
  href: string;
  /** Whose account it is about. Null: nobody's yet. */
  userId: string | null;
  /** When the link in it was made. Null: no secret is in it. */
  linkAt: Milliseconds | null;
}

/** Names a text and no other: with another link it is another message. */
export const messageId = (mailId: string, { linkAt }: Pick<Letter, 'linkAt'>): string =>
  linkAt === null ? mailId : `${mailId}-${linkAt.toString(36)}`;

/** Writes a letter out, as text and as HTML. */
export function writeLetter(letter: Letter, id: string, appName: string): Message {
  const { kind, to, language, href } = letter;
  const text = MAIL_TEXTS[language][kind](appName);
  return {
    id,
    to,
    subject: text.subject,
    text: asText(text, href),
    html: asHtml(text, { href, language }),
  };
}

function asText({ before, link, after }: MailText, href: string): string {
  return `${[...before, ...(link === null ? [] : [href]), ...after].join('\n\n')}\n`;
}

function asHtml(
  { subject, before, link, after }: MailText,
  to: { href: string; language: string },
) {
  const paragraphs = (texts: string[]) => texts.map((text) => `<p>${escaped(text)}</p>\n`).join('');
  const anchor = link === null ? '' : `<p><a href="${escaped(to.href)}">${escaped(link)}</a></p>\n`;
  return `<!doctype html>
<html lang="${to.language}">
<head><meta charset="utf-8"><title>${escaped(subject)}</title></head>
<body>
${paragraphs(before)}${anchor}${paragraphs(after)}</body>
</html>
`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
