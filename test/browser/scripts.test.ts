import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { it, openPage } from './support/browser.ts';
import { field, greeted, newPerson, press, register, somebody } from './support/people.ts';

const leftOf = (page: Page) => page.locator('time[data-left]').allTextContents();

/** `58 minutes 59 seconds` in seconds. */
const seconds = (text = '') =>
  [...text.matchAll(/(\d+) (second|minute|hour|day)/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (SECONDS[unit] ?? Number.NaN),
    0,
  );

const SECONDS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

describe('where scripts run', () => {
  it('a password is shown and hidden again, and sent as a password either way', async () => {
    const page = await openPage();
    const person = newPerson();
    await page.goto('/login');
    const password = field(page, 'Password');
    expect(await password.getAttribute('type')).toBe('password');
    await password.fill(person.password);
    await press(page, 'Show: Password');
    expect(await password.getAttribute('type')).toBe('text');
    await press(page, 'Hide: Password');
    expect(await password.getAttribute('type')).toBe('password');
    expect(await password.inputValue()).toBe(person.password);

    await page.goto('/register');
    await field(page, 'Email').fill(person.email);
    await field(page, 'Password').fill(person.password);
    await press(page, 'Show: Password');
    await press(page, 'Register');
    await greeted(page, person);
  });

  it('a form that is on its way is locked, until the page is shown again', async () => {
    const page = await openPage();
    await page.clock.install();
    let sent = 0;
    // No content: the browser stays on the page, as if the answer were long in coming.
    await page.route('**/auth/password/forgot', (route) => {
      sent += 1;
      return route.fulfill({ status: 204 });
    });
    await page.goto('/forgot');
    const button = page.getByRole('button', { name: 'Send the link', exact: true });
    const locked = () => button.and(page.locator(':disabled')).waitFor();
    await field(page, 'Email').fill(newPerson().email);
    await button.click();
    await locked();
    await button.click({ force: true });
    await field(page, 'Email').press('Enter');
    // As the back button shows a page that was kept.
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    expect([sent, await button.isEnabled()]).toEqual([1, true]);
    await button.click();
    await locked();
    // No event tells that somebody stopped the page from loading.
    await page.clock.runFor(10_000);
    expect([sent, await button.isEnabled()]).toEqual([2, true]);
  });

  it('the ends of the session count down by the clock of the server', async () => {
    const page = await openPage();
    // A clock that is years off, as on a machine whose battery is empty.
    await page.clock.install({ time: new Date('2019-01-01T00:00:00Z') });
    const person = newPerson();
    await register(page, person);
    await greeted(page, person);
    await page.clock.pauseAt(new Date('2019-01-01T00:10:00Z'));

    const [idle] = await leftOf(page);
    expect(seconds(idle)).toBeGreaterThan(49 * 60);
    expect(seconds(idle)).toBeLessThanOrEqual(50 * 60);
    await page.clock.runFor(90_000);
    const [later] = await leftOf(page);
    expect(seconds(idle) - seconds(later)).toBe(90);

    await page.clock.fastForward(3600_000);
    const [over, absolute] = await leftOf(page);
    expect(over).toBe('over');
    expect(seconds(absolute)).toBeGreaterThan(22 * 3600);
    expect(seconds(absolute)).toBeLessThan(23 * 3600);
  });

  it('times are those of the visitor', async () => {
    const { page } = await somebody({ timezoneId: 'Asia/Tokyo', locale: 'en-GB' });
    await page.goto('/account');
    const time = page.locator('time');
    const at = new Date((await time.getAttribute('datetime')) ?? '');
    const [hour, minute] = [(at.getUTCHours() + 9) % 24, at.getUTCMinutes()];
    const padded = [hour, minute].map((part) => String(part).padStart(2, '0'));
    expect(await time.textContent()).toMatch(new RegExp(` ${padded.join(':')}$`));
  });

  it('the description of the API sends what is asked, and shows the answer', async () => {
    const { page, person } = await somebody();
    await page.goto('/docs');
    await page.getByText('GET /auth/session', { exact: true }).click();
    await press(page, 'Send GET /auth/session');
    const answer = page.getByRole('region', { name: 'Answer of GET /auth/session', exact: true });
    await answer.getByText(`"email": "${person.email}"`).waitFor();
  });
});
