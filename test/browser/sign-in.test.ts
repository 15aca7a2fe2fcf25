import { describe, expect } from 'vitest';
import { it, openPage } from './support/browser.ts';
import {
  field,
  follow,
  greeted,
  newPerson,
  press,
  register,
  signIn,
  somebody,
  titled,
  warned,
} from './support/people.ts';

describe('somebody at a browser', () => {
  it('registers, is greeted, and signs out', async () => {
    const page = await openPage();
    const person = newPerson();
    await page.goto('/');
    await titled(page, 'Welcome');
    await follow(page, 'Register');
    await field(page, 'Email').fill(person.email);
    await field(page, 'Password').fill(person.password);
    await press(page, 'Register');
    await greeted(page, person);
    await press(page, 'Sign out');
    await titled(page, 'Welcome');
    await page.reload();
    await titled(page, 'Welcome');
  });

  it('signs in, and is sent on from the pages for those who are not', async () => {
    const { person } = await somebody();
    const page = await openPage();
    await page.goto('/');
    await follow(page, 'Sign in');
    await field(page, 'Email or user name').fill(person.email);
    await field(page, 'Password').fill(person.password);
    await page.keyboard.press('Enter');
    await greeted(page, person);
    for (const path of ['/login', '/register']) {
      await page.goto(path);
      await greeted(page, person);
      expect(new URL(page.url()).pathname).toBe('/');
    }
  });

  it('is told of a wrong password, and finds what was typed again but for the password', async () => {
    const { person } = await somebody();
    const page = await openPage();
    await signIn(page, { ...person, password: 'not the password' }, true);
    await warned(page, 'That name and password do not match.');
    await page.getByRole('alert').and(page.locator(':focus')).waitFor();
    expect(await page.title()).toBe('Error: Sign in · Gatehouse');
    expect(await field(page, 'Email or user name').inputValue()).toBe(person.email);
    expect(await field(page, 'Keep me signed in on this device').isChecked()).toBe(true);
    expect(await field(page, 'Password').inputValue()).toBe('');

    await field(page, 'Password').fill(person.password);
    await press(page, 'Sign in');
    await greeted(page, person);
  });

  it('is led from the summary to the field that is wrong', async () => {
    const page = await openPage();
    await register(page, { ...newPerson(), password: 'password password' });
    const summary = page.getByRole('alert');
    await summary.getByText('Some of this is not right yet:').waitFor();
    await summary.getByRole('link').click();
    await field(page, 'Password').and(page.locator(':focus')).waitFor();
    const described = await field(page, 'Password').getAttribute('aria-describedby');
    expect(described?.split(' ')).toEqual(['password-hint', 'password-error']);
  });

  it('comes back to the page that asked for a login', async () => {
    const { person } = await somebody();
    const page = await openPage();
    await page.goto('/account/sessions');
    await titled(page, 'Sign in');
    await field(page, 'Email or user name').fill(person.email);
    await field(page, 'Password').fill('not the password');
    await press(page, 'Sign in');
    await warned(page, 'That name and password do not match.');
    await field(page, 'Password').fill(person.password);
    await press(page, 'Sign in');
    await titled(page, 'Your sessions');
    expect(new URL(page.url()).pathname).toBe('/account/sessions');
  });

  it('comes back there after registering instead', async () => {
    const page = await openPage();
    const person = newPerson();
    await page.goto('/account');
    await follow(page, 'Register');
    await field(page, 'Email').fill(person.email);
    await field(page, 'Password').fill(person.password);
    await press(page, 'Register');
    await titled(page, 'Your account');
  });

  it('signs out in one tab, and is signed out in the other', async () => {
    const { person, page } = await somebody();
    const other = await page.context().newPage();
    await other.goto('/account');
    await titled(other, 'Your account');
    await press(page, 'Sign out');
    await titled(page, 'Welcome');
    await other.reload();
    await titled(other, 'Sign in');
    await other.goto('/');
    await titled(other, 'Welcome');
    expect(await other.getByText(person.email).count()).toBe(0);
  });

  it('signs out in one tab, and what the other still shows does nothing any more', async () => {
    const { page } = await somebody();
    const other = await page.context().newPage();
    await other.goto('/account');
    await press(page, 'Sign out');
    await titled(page, 'Welcome');
    await field(other, 'Your name').fill('Mallory');
    await press(other, 'Save');
    await titled(other, 'Sign in');
  });
});
