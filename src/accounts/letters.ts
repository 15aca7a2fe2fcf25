import type { Compose } from '../mail/delivery.ts';
import type { Letter } from '../mail/letter.ts';
import type { QueuedMail } from '../mail/queue.ts';
import { LANGUAGES } from '../texts/language.ts';
import type { LetterKind } from '../texts/mails.ts';
import type { LinkAddress } from '../users/link-address.ts';
import type { IssueLink, LinkPurpose } from '../users/link-tokens.ts';
import type { Users } from '../users/users.ts';

export interface LetterParts {
  users: Pick<Users, 'withPassword'>;
  issueLink: IssueLink;
  linkAddress: LinkAddress;
  /** Links without a secret are made from this alone, never from what a request says of its host. */
  linksUrl: string;
}

type MailedPurpose = Exclude<LinkPurpose, 'handed_over'>;

/**
 * Decides what a queued mail says, when it is sent: whether anybody has the address is looked up
 * here, long after the request was answered (ASVS 6.3.8), and the secret of its link is made here.
 */
export function createLetters(parts: LetterParts): Compose {
  const { users, issueLink, linkAddress, linksUrl } = parts;
  return async function compose(mail) {
    const { purpose, address, userId } = mail;
    switch (purpose) {
      case 'register':
        return (
          (await linked(mail, 'register', null)) ??
          letter(mail, 'already_registered', `${linksUrl}/login`)
        );
      case 'reset': {
        const found = await users.withPassword({ email: address });
        return found && linked(mail, 'reset', found.user.id);
      }
      case 'change_email': {
        const holder = await users.withPassword({ email: address });
        if (holder) return letter(mail, 'address_taken');
        return linked(mail, 'change_email', userId);
      }
      case 'invitation':
      case 'verification':
        return linked(mail, purpose, userId);
      case 'password_changed':
      case 'change_email_asked':
        return letter(mail, purpose, `${linksUrl}/forgot`);
      case 'reset_link_made':
      case 'email_changed':
      case 'account_deleted':
        return letter(mail, purpose);
    }
  };

  /** null: the user is gone, or has another address by now. */
  async function linked(mail: QueuedMail, purpose: MailedPurpose, userId: string | null) {
    const { address, name } = mail;
    const issued = await issueLink({ purpose, userId, address, name }, mail);
    if (issued === null) return null;
    const written = letter(mail, purpose, linkAddress(purpose, issued.secret));
    return { ...written, userId, linkAt: issued.at };
  }

  function letter(mail: QueuedMail, kind: LetterKind, href = linksUrl): Letter {
    const language = LANGUAGES.find((known) => known === mail.language) ?? LANGUAGES[0];
    return { kind, to: mail.address, language, href, userId: mail.userId, linkAt: null };
  }
}
