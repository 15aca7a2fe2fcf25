import { describe, expect } from 'vitest';
import { it, openPage } from './support/browser.ts';
import {
  field,
  follow,
  greeted,
  MAILS,
  mailedLink,
  NEW_PASSWORD,
  newPerson,
  press,
  signIn,
  somebody,
  titled,
  told,
  warned,
} from './support/people.ts';

/** Looks at a link as scanners of mail do: more than once, and without a browser's cookies. */
async function scan(link: string): Promise<void> {
  for (const method of ['GET', 'HEAD', 'GET']) {
    expect((await fetch(link, { method })).status).toBe(200);
  }
}

describe('a mailed link', () => {
  it('sets a new password, however often its page was opened before, and only once', async () => {
    const { person, page: before } = await somebody();
    const page = await openPage();
    await page.goto('/login');
    await follow(page, 'Forgot your password?');
    await field(page, 'Email').fill(person.email);
    await press(page, 'Send the link');
    await titled(page, 'Look into your mail');

    const link = await mailedLink(person.email, MAILS.reset);
    await scan(link);
    await page.goto(link);
    await page.reload();
    await titled(page, 'Choose a new password');
    await field(page, 'New password').fill(NEW_PASSWORD);
    await press(page, 'Set the password');
    await told(page, 'The new password is set. Sign in with it.');

    await signIn(page, person);
    await warned(page, 'That name and password do not match.');
    await signIn(page, { ...person, password: NEW_PASSWORD });
    await greeted(page, person);
    await before.reload();
    await titled(before, 'Welcome');

    await page.goto(link);
    await warned(page, 'This link does not work: it was used, or is too old.');
  });

  it('confirms an address, when its button is pressed and not before', async () => {
    const { person, page } = await somebody();
    const link = await mailedLink(person.email, MAILS.confirm);
    await scan(link);
    await page.goto(link);
    await titled(page, 'Confirm your address');
    await page.goto('/');
    await page.getByText('not confirmed yet', { exact: true }).waitFor();

    await page.goto(link);
    await press(page, 'Confirm the address');
    await told(page, 'Your address is confirmed.');
    await follow(page, 'To the front page');
    await page.getByText('confirmed', { exact: true }).waitFor();
  });

  it('shuts out somebody who registered with an address that is not theirs', async () => {
    const { person, page: stranger } = await somebody();
    const owner = await openPage();
    await owner.goto(await mailedLink(person.email, MAILS.confirm));
    await press(owner, 'This was not me');
    await titled(owner, 'That is settled');

    await stranger.reload();
    await titled(stranger, 'Welcome');
    await signIn(stranger, person);
    await warned(stranger, 'That name and password do not match.');
  });

  it('changes the address of an account, once the new one has confirmed it', async () => {
    const { person, page } = await somebody();
    const next = newPerson().email;
    await page.goto('/account');
    await field(page, 'New email').fill(next);
    await press(page, 'Send a link to it');
    await told(page, `A link is on its way to ${next}.`);

    const link = await mailedLink(next, MAILS.change);
    await scan(link);
    await page.goto('/account');
    await page.getByText(`${person.email}, not confirmed yet.`, { exact: true }).waitFor();
    await page.goto(link);
    await press(page, 'Confirm the address');
    await told(page, 'Your address is confirmed.');
    await page.goto('/account');
    await page.getByText(`${next}, confirmed.`, { exact: true }).waitFor();

    const other = await openPage();
    await signIn(other, person);
    await warned(other, 'That name and password do not match.');
    await signIn(other, { ...person, email: next });
    await greeted(other, { ...person, email: next });
  });
});
