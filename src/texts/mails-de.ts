import type { MailTexts } from './mails.ts';

export const mailsDe: MailTexts = {
  register: (app) => ({
    subject: `Ihr Konto bei ${app}`,
    before: [
      `Jemand möchte mit dieser Adresse ein Konto bei ${app}. Wählen Sie ein Passwort, um es zu eröffnen:`,
    ],
    link: 'Passwort wählen',
    after: [
      'Der Link gilt einen Tag. Wenn Sie das nicht waren, lassen Sie ihn liegen: Dann entsteht kein Konto.',
    ],
  }),
  already_registered: (app) => ({
    subject: `Sie haben bereits ein Konto bei ${app}`,
    before: [
      `Jemand wollte mit dieser Adresse ein neues Konto bei ${app}, aber es gibt schon eines. Es hat sich nichts geändert.`,
      'Wenn Sie das waren, melden Sie sich an; ein vergessenes Passwort lässt sich dort ersetzen:',
    ],
    link: 'Anmelden',
    after: [],
  }),
  invitation: (app) => ({
    subject: `Einladung zu ${app}`,
    before: [
      `Für Sie wurde ein Konto bei ${app} angelegt. Wählen Sie ein Passwort, um es zu benutzen:`,
    ],
    link: 'Passwort wählen',
    after: ['Der Link gilt einen Tag. Danach hilft „Passwort vergessen?“ weiter.'],
  }),
  reset: (app) => ({
    subject: `Ein neues Passwort für ${app}`,
    before: [`Jemand möchte ein neues Passwort für Ihr Konto bei ${app}. Wählen Sie es hier:`],
    link: 'Neues Passwort wählen',
    after: [
      'Der Link gilt mindestens eine Stunde, einmal. Wenn Sie das nicht waren, lassen Sie ihn liegen: Es hat sich nichts geändert.',
    ],
  }),
  verification: (app) => ({
    subject: `Bestätigen Sie Ihre Adresse für ${app}`,
    before: [`Ein Konto bei ${app} benutzt diese Adresse. Bestätigen Sie, dass es Ihres ist:`],
    link: 'Adresse bestätigen',
    after: [
      'Der Link gilt einen Tag. Wenn Sie dort kein Konto haben, hat jemand anderes Ihre Adresse angegeben: Öffnen Sie den Link und wählen Sie „Das war ich nicht“.',
    ],
  }),
  change_email: (app) => ({
    subject: `Bestätigen Sie Ihre neue Adresse für ${app}`,
    before: [
      `Jemand möchte diese Adresse für sein Konto bei ${app} benutzen. Bestätigen Sie es, wenn Sie das waren:`,
    ],
    link: 'Diese Adresse benutzen',
    after: [
      'Der Link gilt eine Stunde. Wenn Sie das nicht waren, lassen Sie ihn liegen: Es ändert sich nichts.',
    ],
  }),
  address_taken: (app) => ({
    subject: `Ihre Adresse wurde bei ${app} angegeben`,
    before: [
      `Jemand, der bei ${app} in einem anderen Konto angemeldet ist, wollte diese Adresse dafür benutzen. Ihr Konto hat sie bereits, also hat sich nichts geändert.`,
    ],
    link: null,
    after: [],
  }),
  change_email_asked: (app) => ({
    subject: `Eine neue Adresse für Ihr Konto bei ${app}`,
    before: [
      `Jemand, der in Ihrem Konto bei ${app} angemeldet ist, möchte es auf eine andere Adresse umstellen. Das geschieht, sobald diese bestätigt ist.`,
      'Wenn Sie das nicht waren, wählen Sie jetzt ein neues Passwort: Das verhindert es und beendet alle Sitzungen.',
    ],
    link: 'Neues Passwort wählen',
    after: [],
  }),
  email_changed: (app) => ({
    subject: `Ihr Konto bei ${app} hat jetzt eine andere Adresse`,
    before: [
      `Ihr Konto bei ${app} wurde von dieser Adresse auf eine andere umgestellt; Nachrichten gehen von nun an dorthin.`,
      'Wenn Sie das nicht waren, wenden Sie sich an den Betreiber.',
    ],
    link: null,
    after: [],
  }),
  password_changed: (app) => ({
    subject: `Ihr Passwort für ${app} wurde geändert`,
    before: [
      `Das Passwort Ihres Kontos bei ${app} wurde geändert, und Sitzungen anderswo wurden beendet.`,
      'Wenn Sie das nicht waren, wählen Sie jetzt ein neues:',
    ],
    link: 'Neues Passwort wählen',
    after: [],
  }),
  reset_link_made: (app) => ({
    subject: `Ein Link zu einem neuen Passwort für ${app}`,
    before: [
      `Ein Administrator von ${app} hat einen Link angelegt, der ein neues Passwort für Ihr Konto setzt, um ihn Ihnen zu geben. Er gilt einen Tag, einmal.`,
      'Wenn Sie nicht darum gebeten haben, wenden Sie sich an den Betreiber.',
    ],
    link: null,
    after: [],
  }),
  account_deleted: (app) => ({
    subject: `Ihr Konto bei ${app} wurde gelöscht`,
    before: [`Ihr Konto bei ${app} wurde mit allen Sitzungen gelöscht.`],
    link: null,
    after: ['Wenn Sie das nicht waren, wenden Sie sich an den Betreiber.'],
  }),
};
