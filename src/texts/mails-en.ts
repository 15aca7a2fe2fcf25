import type { MailTexts } from './mails.ts';

export const mailsEn: MailTexts = {
  register: (app) => ({
    subject: `Your account at ${app}`,
    before: [
      `Somebody asked for an account at ${app} with this address. Choose a password to open it:`,
    ],
    link: 'Choose a password',
    after: [
      'The link works for a day. If that was not you, leave it: then there will be no account.',
    ],
  }),
  already_registered: (app) => ({
    subject: `You have an account at ${app} already`,
    before: [
      `Somebody asked for a new account at ${app} with this address, but there is one. Nothing has changed.`,
      'If that was you, sign in; a forgotten password can be replaced there:',
    ],
    link: 'Sign in',
    after: [],
  }),
  invitation: (app) => ({
    subject: `You are invited to ${app}`,
    before: [`An account at ${app} was made for you. Choose a password to use it:`],
    link: 'Choose a password',
    after: [
      'The link works for a day. After that, ask for a new one under "Forgot your password?".',
    ],
  }),
  reset: (app) => ({
    subject: `A new password for ${app}`,
    before: [`Somebody asked for a new password for your account at ${app}. Choose it here:`],
    link: 'Choose a new password',
    after: [
      'The link works for at least an hour, once. If that was not you, leave it: nothing has changed.',
    ],
  }),
  verification: (app) => ({
    subject: `Confirm your address for ${app}`,
    before: [`An account at ${app} uses this address. Confirm that it is yours:`],
    link: 'Confirm the address',
    after: [
      'The link works for a day. If you have no account there, somebody else used your address: open the link and choose "This was not me".',
    ],
  }),
  change_email: (app) => ({
    subject: `Confirm your new address for ${app}`,
    before: [
      `Somebody wants to use this address for their account at ${app}. Confirm it if that was you:`,
    ],
    link: 'Use this address',
    after: ['The link works for an hour. If that was not you, leave it: nothing will change.'],
  }),
  address_taken: (app) => ({
    subject: `Your address was entered at ${app}`,
    before: [
      `Somebody signed in to another account at ${app} asked to use this address for it. Your account has it already, so nothing has changed.`,
    ],
    link: null,
    after: [],
  }),
  change_email_asked: (app) => ({
    subject: `A new address for your account at ${app}`,
    before: [
      `Somebody who is signed in to your account at ${app} asked to move it to another address. It moves as soon as that address is confirmed.`,
      'If that was not you, choose a new password now: that stops it, and ends all sessions.',
    ],
    link: 'Choose a new password',
    after: [],
  }),
  email_changed: (app) => ({
    subject: `Your account at ${app} has another address now`,
    before: [
      `Your account at ${app} was moved from this address to another one, and mail goes there from now on.`,
      'If that was not you, tell whoever runs the service.',
    ],
    link: null,
    after: [],
  }),
  password_changed: (app) => ({
    subject: `Your password for ${app} was changed`,
    before: [
      `The password of your account at ${app} was changed, and sessions elsewhere were ended.`,
      'If that was not you, choose a new one now:',
    ],
    link: 'Choose a new password',
    after: [],
  }),
  reset_link_made: (app) => ({
    subject: `A link to a new password for ${app} was made`,
    before: [
      `An administrator of ${app} made a link that sets a new password for your account, to hand it over to you. It works for a day, once.`,
      'If you did not ask for it, tell whoever runs the service.',
    ],
    link: null,
    after: [],
  }),
  account_deleted: (app) => ({
    subject: `Your account at ${app} was deleted`,
    before: [`Your account at ${app} was deleted, with all its sessions.`],
    link: null,
    after: ['If that was not you, tell whoever runs the service.'],
  }),
};
