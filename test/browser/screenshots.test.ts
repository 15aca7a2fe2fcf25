import type { Page } from 'playwright-core';
import { describe } from 'vitest';
import { hours, minutes, seconds } from '../../src/time.ts';
import { it, openPage } from './support/browser.ts';
import {
  field,
  MAILS,
  mailedLink,
  press,
  register,
  signIn,
  titled,
  told,
} from './support/people.ts';
import { keepPicture } from './support/pictures.ts';

const ADA = { email: 'ada@example.com', password: 'correct horse battery staple' };

const NOW = Date.parse('2026-11-20T09:41:00Z');

const DESKTOP = {
  ...{ viewport: { width: 1100, height: 820 }, colorScheme: 'light' as const },
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

const PHONE = {
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
};

/** Until the session ends when idle, and at the latest. */
const LEFT = [minutes(59) + seconds(42), hours(23) + minutes(39)];

/** Puts the same in the place of what is new at each run: times, and the id of the session. */
async function still(page: Page): Promise<void> {
  await page.route(/\/(account)?$/, async (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    const response = await route.fetch();
    const left = LEFT.values();
    let at = NOW;
    const body = (await response.text())
      .replaceAll(/data-left="\d+"/g, () => `data-left="${Number(left.next().value) / seconds(1)}"`)
      .replaceAll(/datetime="[^"]+"/g, () => {
        at -= minutes(7);
        return `datetime="${new Date(at).toISOString()}"`;
      })
      .replaceAll(/(<dd>)[\w-]{16,}(<\/dd>)/g, '$1Zk3vN8qTfR2hLw6yBd9$2');
    await route.fulfill({ response, body });
  });
}

async function take(page: Page, path: string, title: string, file: string): Promise<void> {
  await page.goto(path);
  await titled(page, title);
  await keepPicture(page, `docs/images/${file}.png`);
}

describe('the pages that the README shows', () => {
  it('are drawn anew', async () => {
    const page = await openPage(DESKTOP);
    await take(page, '/login', 'Sign in', 'login');

    await register(page, ADA);
    await titled(page, `Hello, ${ADA.email}`);
    await page.goto(await mailedLink(ADA.email, MAILS.confirm));
    await press(page, 'Confirm the address');
    await told(page, 'Your address is confirmed.');
    await page.goto('/account');
    await field(page, 'Your name').fill('Ada Lovelace');
    await field(page, 'User name').fill('ada');
    await press(page, 'Save');
    await told(page, 'Saved.');
    await page.goto('/');
    for (const count of ['1', '2', '3']) {
      await press(page, 'Add one');
      await page.getByRole('definition').getByText(count, { exact: true }).waitFor();
    }
    const phone = await openPage(PHONE);
    await signIn(phone, ADA);
    await titled(phone, 'Hello, Ada Lovelace');

    await still(page);
    await page.clock.install({ time: NOW });
    await page.clock.pauseAt(NOW + seconds(1));
    await take(page, '/', 'Hello, Ada Lovelace', 'home');
    await take(page, '/account', 'Your account', 'account');
  });
});
