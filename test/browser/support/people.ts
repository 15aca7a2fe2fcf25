import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { readOutbox } from '../../../src/mail/outbox.ts';
import { eventually, openPage, world } from './browser.ts';

export interface Person {
  email: string;
  password: string;
}

export const newPerson = (): Person => ({
  email: `${randomUUID()}@example.com`,
  password: 'correct horse battery staple',
});

export const NEW_PASSWORD = 'another horse battery staple';

export const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

export const press = (page: Page, button: string) =>
  page.getByRole('button', { name: button, exact: true }).click();

export const follow = (page: Page, link: string) =>
  page.getByRole('link', { name: link, exact: true }).click();

/** Waits for the page with this title. */
export const titled = (page: Page, title: string) =>
  page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();

/** Waits for what the page says went well. */
export const told = (page: Page, text: string) =>
  page.getByRole('status').getByText(text, { exact: true }).waitFor();

/** Waits for what the page says was wrong. */
export const warned = (page: Page, text: string) =>
  page.getByRole('alert').getByText(text, { exact: true }).waitFor();

/** Waits for the front page of somebody signed in. */
export const greeted = (page: Page, { email }: Person) => titled(page, `Hello, ${email}`);

export async function register(page: Page, { email, password }: Person): Promise<void> {
  await page.goto('/register');
  await field(page, 'Email').fill(email);
  await field(page, 'Password').fill(password);
  await press(page, 'Register');
}

export async function signIn(page: Page, { email, password }: Person, remember = false) {
  await page.goto('/login');
  await field(page, 'Email or user name').fill(email);
  await field(page, 'Password').fill(password);
  if (remember) await field(page, 'Keep me signed in on this device').check();
  await press(page, 'Sign in');
}

/** Somebody new, signed in, in a browser of their own. What is tested comes after. */
export async function somebody(options: Parameters<typeof openPage>[0] = {}) {
  const person = newPerson();
  const page = await openPage(options);
  const answer = await page.request.post('/auth/register', { data: person });
  if (answer.status() !== 201) throw new Error(`register answered ${answer.status()}`);
  await page.goto('/');
  await greeted(page, person);
  return { person, page };
}

/** The link in the newest mail with this subject to an address, once it is there. */
export async function mailedLink(email: string, subject: string): Promise<string> {
  let link: string | undefined;
  await eventually(async () => {
    const mails = await readOutbox(world().gatehouse.outbox, 1000);
    const mail = mails.find((one) => one.to === email && one.subject === subject);
    link = mail?.text.match(/^https?:\S+$/m)?.[0];
    return link;
  }).toBeDefined();
  return link ?? '';
}

export const MAILS = {
  confirm: 'Confirm your address for Gatehouse',
  change: 'Confirm your new address for Gatehouse',
  reset: 'A new password for Gatehouse',
};
