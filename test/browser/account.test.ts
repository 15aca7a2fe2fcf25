import { describe, expect } from 'vitest';
import { it, openPage } from './support/browser.ts';
import {
  field,
  follow,
  greeted,
  NEW_PASSWORD,
  press,
  signIn,
  somebody,
  titled,
  told,
  warned,
} from './support/people.ts';

/** Somebody who is signed in at two places. */
async function twice() {
  const { person, page } = await somebody();
  const other = await openPage({ userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0' });
  await signIn(other, person);
  await greeted(other, person);
  return { person, page, other };
}

describe('the account pages', () => {
  it('change a name, which the whole site then uses', async () => {
    const { page } = await somebody();
    await page.goto('/account');
    await field(page, 'Your name').fill('Ada Lovelace');
    await press(page, 'Save');
    await told(page, 'Saved.');
    await page.goto('/');
    await titled(page, 'Hello, Ada Lovelace');
    await follow(page, 'Ada Lovelace');
    await titled(page, 'Your account');
    expect(await page.getByRole('status').count()).toBe(0);
  });

  it('change the password, and end every other session with it', async () => {
    const { person, page, other } = await twice();
    await page.goto('/account');
    await field(page, 'Your password now').fill('not the password');
    await field(page, 'New password').fill(NEW_PASSWORD);
    await press(page, 'Change the password');
    await page.getByRole('alert').getByRole('link').waitFor();
    expect(await field(page, 'New password').inputValue()).toBe('');

    await field(page, 'Your password now').fill(person.password);
    await field(page, 'New password').fill(NEW_PASSWORD);
    await press(page, 'Change the password');
    await told(page, 'Your password was changed, and every other session ended.');
    await page.getByText('You are signed in here alone.', { exact: true }).waitFor();
    await page.getByText('Password changed', { exact: true }).waitFor();

    await other.reload();
    await titled(other, 'Welcome');
    await signIn(other, person);
    await warned(other, 'That name and password do not match.');
    await signIn(other, { ...person, password: NEW_PASSWORD });
    await greeted(other, person);
  });

  it('end the session of another browser', async () => {
    const { page, other } = await twice();
    await page.goto('/account');
    await page.getByText('You are signed in at 2 places.', { exact: true }).waitFor();
    await follow(page, 'Where you are signed in');
    const places = page.getByRole('listitem').filter({ hasText: 'Last seen' });
    const there = places.filter({ hasText: 'Firefox, Windows' });
    await there.getByRole('button', { name: 'End this session' }).click();
    await told(page, 'One session was ended.');
    expect(await places.count()).toBe(1);
    await places.getByText('This is the one you are using.').waitFor();

    await other.goto('/account');
    await titled(other, 'Sign in');
  });

  it('end all sessions but this one', async () => {
    const { person, page, other } = await twice();
    await page.goto('/account/sessions');
    await press(page, 'End all other sessions');
    await told(page, 'One session was ended.');
    await other.reload();
    await titled(other, 'Welcome');
    await page.goto('/');
    await greeted(page, person);
  });

  it('delete the account, with its password alone', async () => {
    const { person, page, other } = await twice();
    await page.goto('/account');
    await field(page, 'Your password').fill('not the password');
    await press(page, 'Delete the account');
    await warned(page, 'Some of this is not right yet:');
    await field(page, 'Your password').fill(person.password);
    await press(page, 'Delete the account');
    await titled(page, 'Welcome');

    await other.reload();
    await titled(other, 'Welcome');
    await signIn(other, person);
    await warned(other, 'That name and password do not match.');
  });
});
