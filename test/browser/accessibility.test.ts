import type { Page } from 'playwright-core';
import { describe } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { it, openPage, world } from './support/browser.ts';
import {
  field,
  follow,
  MAILS,
  mailedLink,
  newPerson,
  press,
  register,
  signIn,
  somebody,
  titled,
  told,
} from './support/people.ts';

/** Waits for a summary that says this. */
async function refused(page: Page, said: string): Promise<void> {
  await page.getByRole('alert').getByText(said).waitFor();
  await expectAccessible(page);
}

describe('axe finds nothing, light and dark, on a desktop and on a phone,', () => {
  it.each([
    ['/', 'Welcome'],
    ['/login', 'Sign in'],
    ['/login?reset', 'Sign in'],
    ['/register', 'Register'],
    ['/register?sent', 'Look into your mail'],
    ['/forgot', 'Forgot your password?'],
    ['/forgot?sent', 'Look into your mail'],
    ['/reset', 'Open the link in your mail'],
    ['/reset?token=some', 'This link does not work'],
    ['/verify?token=some', 'This link does not work'],
    ['/verify?done', 'Address confirmed'],
    ['/verify?disowned', 'That is settled'],
    ['/logout', 'Sign out'],
    ['/nowhere', 'Not found'],
  ])('on %s', async (path, title) => {
    const page = await openPage();
    await page.goto(path);
    await titled(page, title);
    await expectAccessible(page);
  });

  it('on the description of the API, closed and open', async () => {
    const page = await openPage();
    await page.goto('/docs');
    await page.getByText('PATCH /auth/session/data', { exact: true }).click();
    await page.getByText('GET /auth/session', { exact: true }).click();
    await press(page, 'Send GET /auth/session');
    await page.getByRole('region', { name: 'Answer of GET /auth/session', exact: true }).waitFor();
    await expectAccessible(page);
  });

  it('on the pages of somebody signed in', async () => {
    const { person, page } = await somebody();
    await mailedLink(person.email, MAILS.confirm);
    await expectAccessible(page);
    for (const [path, title] of [
      ['/account', 'Your account'],
      ['/account/sessions', 'Your sessions'],
      [world().gatehouse.outboxPage, 'Outbox'],
      ['/logout', 'Sign out'],
      ['/nowhere', 'Not found'],
    ] as const) {
      await page.goto(path);
      await titled(page, title);
      await expectAccessible(page);
    }
  });

  it('on the account pages after something was done', async () => {
    const { person, page } = await somebody();
    const other = await openPage();
    await signIn(other, person);
    await page.goto('/account');
    await field(page, 'Your name').fill('Ada Lovelace');
    await press(page, 'Save');
    await told(page, 'Saved.');
    await expectAccessible(page);
    await follow(page, 'Where you are signed in');
    await titled(page, 'Your sessions');
    await expectAccessible(page);
    await press(page, 'End all other sessions');
    await told(page, 'One session was ended.');
    await expectAccessible(page);
  });

  it('on the forms of sign-in that were refused', async () => {
    const page = await openPage();
    await signIn(page, newPerson());
    await refused(page, 'That name and password do not match.');
    await register(page, { ...newPerson(), password: 'password password' });
    await refused(page, 'Password: ');
  });

  it('on the forms of the account page that were refused', async () => {
    const { page } = await somebody();
    await page.goto('/account');
    await field(page, 'User name').fill('a');
    await press(page, 'Save');
    await refused(page, 'User name: ');
    await field(page, 'Your password now').fill('not the password');
    await field(page, 'New password').fill('another horse battery staple');
    await press(page, 'Change the password');
    await refused(page, 'Your password now: ');
    await field(page, 'Your password').fill('not the password');
    await press(page, 'Delete the account');
    await refused(page, 'Your password: ');
  });
});
