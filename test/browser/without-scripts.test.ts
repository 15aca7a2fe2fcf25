import { describe, expect } from 'vitest';
import { it, openPage } from './support/browser.ts';
import {
  field,
  follow,
  greeted,
  NEW_PASSWORD,
  newPerson,
  press,
  register,
  signIn,
  somebody,
  titled,
  told,
  warned,
} from './support/people.ts';

const WITHOUT = { javaScriptEnabled: false };

const counter = (page: Awaited<ReturnType<typeof openPage>>) =>
  page.getByRole('definition').first().textContent();

describe('a browser that runs no scripts', () => {
  it('registers, signs out and in', async () => {
    const page = await openPage(WITHOUT);
    const person = newPerson();
    await register(page, person);
    await greeted(page, person);
    await press(page, 'Sign out');
    await titled(page, 'Welcome');
    await signIn(page, { ...person, password: 'not the password' });
    await warned(page, 'That name and password do not match.');
    expect(await page.getByRole('button').allTextContents()).toEqual(['Sign in']);
    await signIn(page, person);
    await greeted(page, person);
    await page.goto('/logout');
    await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
    await titled(page, 'Welcome');
  });

  it('counts, signed in or not', async () => {
    const page = await openPage(WITHOUT);
    await page.goto('/');
    expect(await counter(page)).toBe('0');
    for (const count of ['1', '2']) {
      await press(page, 'Add one');
      await page.getByRole('definition').getByText(count, { exact: true }).waitFor();
    }
    const signedIn = await somebody(WITHOUT);
    await press(signedIn.page, 'Add one');
    await signedIn.page.getByRole('definition').getByText('1', { exact: true }).waitFor();
  });

  it('sees how long the session lasts, and when things happened', async () => {
    const { page } = await somebody(WITHOUT);
    const left = page.locator('time[data-left]');
    expect((await left.allTextContents()).map((text) => text.split(' ')[1])).toEqual([
      expect.stringMatching(/^(hour|minutes)$/),
      expect.stringMatching(/^(day|hours)$/),
    ]);
    await page.goto('/account');
    expect(await page.locator('time').allTextContents()).toEqual([
      expect.stringMatching(/\d\d:\d\d.* UTC$/),
    ]);
  });

  it('uses every form of the account pages', async () => {
    const { person, page } = await somebody(WITHOUT);
    await follow(page, person.email);
    await field(page, 'Your name').fill('Ada Lovelace');
    await press(page, 'Save');
    await told(page, 'Saved.');
    const next = newPerson().email;
    await field(page, 'New email').fill(next);
    await press(page, 'Send a link to it');
    await told(page, `A link is on its way to ${next}.`);
    await press(page, 'Send the link again');
    await told(page, 'A link is on its way to your address.');
    await field(page, 'Your password now').fill(person.password);
    await field(page, 'New password').fill(NEW_PASSWORD);
    await press(page, 'Change the password');
    await told(page, 'Your password was changed, and every other session ended.');

    await follow(page, 'Where you are signed in');
    await press(page, 'Sign out of this session');
    await titled(page, 'Welcome');
    await signIn(page, { ...person, password: NEW_PASSWORD });
    await titled(page, 'Hello, Ada Lovelace');
    await page.goto('/account');
    await field(page, 'Your password').fill(NEW_PASSWORD);
    await press(page, 'Delete the account');
    await titled(page, 'Welcome');
  });
});
